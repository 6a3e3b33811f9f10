package org.pgrehearse.verifier.digest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.ColumnType;
import org.pgrehearse.verifier.digest.Form.Shape;

/**
 * Chooses the form of a column from its types on both sides. A type's own hash is used where it is as fine as the
 * value's bytes; its binary form where the hash is coarser; its text where the bytes hold identifiers of one cluster,
 * or where the types differ and only their text can agree. An array's hash knows nothing of its dimensions, so they are
 * added.
 */
final class Forms {
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Set<String> STRINGS = Set.of("text", "varchar");
    private static final Set<String> MOMENTS = Set.of("date", "timestamp", "timestamptz");
    private static final Set<String> TEXTUAL = Set.of("bpchar", "jsonb");
    private static final Set<String> NETWORKS = Set.of("inet", "cidr");

    /** Types whose own hash tells all different values apart, on every server. */
    private static final Set<String> FINE = Set.of(
            "bool",
            "bytea",
            "cidr",
            "date",
            "inet",
            "int2",
            "int4",
            "int8",
            "macaddr",
            "macaddr8",
            "oid",
            "pg_lsn",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid",
            "daterange",
            "int4range",
            "int8range",
            "tsrange",
            "tstzrange",
            "datemultirange",
            "int4multirange",
            "int8multirange",
            "tsmultirange",
            "tstzmultirange");

    /** Types whose own hash takes different bytes for equal. */
    private static final Map<String, String> COARSE = Map.of(
            "numeric", "numeric_send(%s)",
            "float4", "float4send(%s)",
            "float8", "float8send(%s)",
            "interval", "interval_send(%s)",
            "jsonb", "%s::text COLLATE \"C\"",
            "bpchar", "bpcharsend(%s)",
            "numrange", "range_send(%s)",
            "nummultirange", "multirange_send(%s)");

    /** Types without a hash of their own. */
    private static final Map<String, String> UNHASHED = Map.ofEntries(
            Map.entry("money", "cash_send(%s)"),
            Map.entry("bit", "bit_send(%s)"),
            Map.entry("varbit", "varbit_send(%s)"),
            Map.entry("tsvector", "tsvectorsend(%s)"),
            Map.entry("tsquery", "tsquerysend(%s)"),
            Map.entry("point", "point_send(%s)"),
            Map.entry("lseg", "lseg_send(%s)"),
            Map.entry("path", "path_send(%s)"),
            Map.entry("box", "box_send(%s)"),
            Map.entry("polygon", "poly_send(%s)"),
            Map.entry("line", "line_send(%s)"),
            Map.entry("circle", "circle_send(%s)"));

    /**
     * The text that a type's output function makes, where a cast of somebody's own may say less. A row of nulls is not
     * null to {@code num_nonnulls}, as it is to {@code IS NULL}.
     */
    private static final String BY_OUTPUT_FUNCTION =
            "CASE WHEN num_nonnulls(%s) = 0 THEN NULL ELSE format('%1$s', %s) END";

    private static final int NUMERIC_SCALE_MASK = 0x7ff;
    private static final int MODIFIER_HEADER = 4;

    private final DigestKind kind;
    private final boolean sameEncoding;

    /** Forms of this kind for two databases that store text in the same encoding, or do not. */
    Forms(DigestKind kind, boolean sameEncoding) {
        this.kind = kind;
        this.sameEncoding = sameEncoding;
    }

    /** The forms of one column, the same SQL for both sides; a value is all of them together. */
    List<Form> of(ColumnType source, ColumnType target) {
        if (kind == DigestKind.TEXT) {
            return List.of(textForm(source, target));
        }
        if (!source.builtIn() || !target.builtIn() || source.array() != target.array()) {
            return List.of(text(asText(source, target)));
        }
        if (source.array()) {
            return array(source, target);
        }
        return List.of(source.base().equals(target.base()) ? sameBase(source, target) : mixed(source, target));
    }

    private Form textForm(ColumnType source, ColumnType target) {
        return text(paddedAlike(source, target) ? "%s::text" : asText(source, target));
    }

    /**
     * Whether the blanks at the end of two {@code char(n)} say nothing, because both types pad to the same length. How
     * many there are depends on the encoding.
     */
    private static boolean paddedAlike(ColumnType source, ColumnType target) {
        boolean padded = source.base().equals("bpchar") && target.base().equals("bpchar");
        return padded
                && !source.array()
                && !target.array()
                && source.modifier() >= MODIFIER_HEADER
                && source.modifier() == target.modifier();
    }

    /** SQL for the text of a value of these types, blanks at the end included; {@code %s} stands for the column. */
    static String asText(ColumnType source, ColumnType target) {
        boolean blankPadded = source.base().equals("bpchar") && target.base().equals("bpchar");
        if (blankPadded && !source.array()) {
            return "textin(bpcharout(%s))";
        }
        String own = source.ownCast() || target.ownCast() ? BY_OUTPUT_FUNCTION : "%s::text";
        boolean rounded =
                !source.finer().isEmpty() && source.finer().equals(target.finer()) && source.array() == target.array();
        // The first part is what a reader knows, the second says the rest.
        return rounded ? own + " || ' ' || (%s)::" + source.finer() + (source.array() ? "[]" : "") + "::text" : own;
    }

    private Form sameBase(ColumnType source, ColumnType target) {
        String base = source.base();
        if (INTEGERS.contains(base)) {
            return new Form(Shape.INTEGER, "%s");
        }
        if (FINE.contains(base)) {
            return other("%s");
        }
        if (STRINGS.contains(base)) {
            boolean asTyped = kind == DigestKind.EQUAL && !source.deterministic() && sameEncoding;
            return asTyped ? other("%s") : text("%s::text");
        }
        if (base.equals("bpchar") && !sameEncoding) {
            boolean blanksCount = kind != DigestKind.EQUAL && !paddedAlike(source, target);
            return text(blanksCount ? "textin(bpcharout(%s))" : "%s::text");
        }
        if (base.equals("jsonb") && !sameEncoding) {
            return text("%s::text");
        }
        if (COARSE.containsKey(base)) {
            return kind == DigestKind.EQUAL || hashIsFine(source, target)
                    ? other("%s")
                    : binary(COARSE.get(base), base.equals("jsonb"));
        }
        String send = UNHASHED.get(base);
        return send == null ? text("%s::text") : other(send);
    }

    private static boolean hashIsFine(ColumnType source, ColumnType target) {
        boolean modified = source.modifier() >= MODIFIER_HEADER && target.modifier() >= MODIFIER_HEADER;
        return switch (source.base()) {
            case "numeric" -> modified && scale(source) == scale(target);
            case "bpchar" -> modified && source.modifier() == target.modifier() && source.deterministic();
            default -> false;
        };
    }

    private static int scale(ColumnType numeric) {
        return (numeric.modifier() - MODIFIER_HEADER) & NUMERIC_SCALE_MASK;
    }

    private Form mixed(ColumnType source, ColumnType target) {
        Set<String> bases = Set.of(source.base(), target.base());
        if (INTEGERS.containsAll(bases)) {
            return new Form(Shape.INTEGER, "%s::int8");
        }
        if (bases.contains("numeric") && INTEGERS.containsAll(without(bases, "numeric"))) {
            return other("%s::numeric");
        }
        if (bases.equals(Set.of("float4", "float8"))) {
            return other(kind == DigestKind.EQUAL ? "%s::float8" : "float8send(%s::float8)");
        }
        if (MOMENTS.containsAll(bases)) {
            return other("%s::timestamp");
        }
        if (NETWORKS.containsAll(bases)) {
            return other("%s::inet");
        }
        if (bases.equals(Set.of("json", "jsonb"))) {
            return kind == DigestKind.EQUAL ? other("%s::jsonb") : text("%s::jsonb::text");
        }
        return text("%s::text");
    }

    private static Set<String> without(Set<String> bases, String one) {
        return bases.stream().filter(base -> !base.equals(one)).collect(Collectors.toSet());
    }

    private List<Form> array(ColumnType source, ColumnType target) {
        String base = source.base();
        if (!base.equals(target.base())) {
            return List.of(text("%s::text"));
        }
        boolean fine = FINE.contains(base) || INTEGERS.contains(base);
        boolean hashable = fine
                || (kind == DigestKind.EQUAL && COARSE.containsKey(base) && (sameEncoding || !TEXTUAL.contains(base)));
        if (hashable) {
            return List.of(new Form(Shape.ARRAY, "%s"), dimensions());
        }
        if (STRINGS.contains(base) && sameEncoding) {
            return List.of(new Form(Shape.ARRAY, "%s COLLATE \"C\""), dimensions());
        }
        boolean sendable = COARSE.containsKey(base) || UNHASHED.containsKey(base) || STRINGS.contains(base);
        return List.of(sendable ? other("array_send(%s)") : text("%s::text"));
    }

    private static Form dimensions() {
        return new Form(Shape.TEXT, "array_dims(%s) COLLATE \"C\"");
    }

    private Form binary(String template, boolean isText) {
        return isText ? text("%s::text") : other(template);
    }

    private Form text(String template) {
        return sameEncoding
                ? new Form(Shape.TEXT, template + " COLLATE \"C\"")
                : other("convert_to(" + template + ", 'UTF8')");
    }

    private static Form other(String template) {
        return new Form(Shape.OTHER, template);
    }
}
