package org.pgrehearse.verifier.digest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.ColumnType;
import org.pgrehearse.verifier.digest.Form.Hash;
import org.pgrehearse.verifier.digest.Form.Value;

/**
 * Chooses the form of a column from its types on both sides: a hash made of the type's own where there is one that
 * tells all different values apart, or the value itself where its own hash does; else its binary form, or its text
 * where the bytes hold identifiers of one cluster, or where the types differ and only their text can agree.
 */
final class Forms {
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Set<String> STRINGS = Set.of("text", "varchar");
    private static final Set<String> MOMENTS = Set.of("date", "timestamp", "timestamptz");
    private static final Set<String> TEXTUAL = Set.of("bpchar", "jsonb");
    private static final Set<String> NETWORKS = Set.of("inet", "cidr");

    /** Types whose own hash tells all different values apart, as a value and in arrays. */
    private static final Set<String> FINE = Set.of(
            "bool",
            "bytea",
            "cidr",
            "date",
            "inet",
            "int2",
            "int4",
            "macaddr",
            "macaddr8",
            "oid",
            "uuid",
            "daterange",
            "int4range",
            "datemultirange",
            "int4multirange");

    /** Hashes of single values that cost less than the generic one, or are finer than the type's own. */
    private static final Map<String, Form> DIRECT = Map.of(
            "bool", Hashes.BOOL,
            "date", Hashes.DATE,
            "int2", Hashes.INT4,
            "int4", Hashes.INT4,
            "int8", Hashes.INT8,
            "oid", Hashes.OID,
            "timestamp", Hashes.MOMENT,
            "timestamptz", Hashes.MOMENT,
            "uuid", Hashes.UUID);

    /** Types whose own hash folds 64 bits into 32, or is missing; the binary form is as coarse as {@code =}. */
    private static final Map<String, String> SENT = Map.ofEntries(
            Map.entry("time", "time_send(%s)"),
            Map.entry("timetz", "timetz_send(%s)"),
            Map.entry("pg_lsn", "pg_lsn_send(%s)"),
            Map.entry("int8range", "range_send(%s)"),
            Map.entry("tsrange", "range_send(%s)"),
            Map.entry("tstzrange", "range_send(%s)"),
            Map.entry("int8multirange", "multirange_send(%s)"),
            Map.entry("tsmultirange", "multirange_send(%s)"),
            Map.entry("tstzmultirange", "multirange_send(%s)"),
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

    /** Types whose {@code =} takes different bytes for equal. */
    private static final Set<String> COARSE =
            Set.of("numeric", "float4", "float8", "interval", "jsonb", "bpchar", "numrange", "nummultirange");

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
            return List.of(text(asComparedText(source, target)));
        }
        if (!source.builtIn() || !target.builtIn() || source.array() != target.array()) {
            return List.of(text(asText(source, target)));
        }
        if (source.array()) {
            return array(source, target);
        }
        return source.base().equals(target.base()) ? sameBase(source, target) : mixed(source, target);
    }

    /** SQL for the text that is compared where nothing else can be; {@code %s} stands for the column. */
    static String asComparedText(ColumnType source, ColumnType target) {
        return paddedAlike(source, target) ? "%s::text" : asText(source, target);
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

    private List<Form> sameBase(ColumnType source, ColumnType target) {
        String base = source.base();
        Form direct = DIRECT.get(base);
        if (direct != null) {
            return List.of(direct);
        }
        if (COARSE.contains(base)) {
            return kind == DigestKind.EQUAL ? equal(source, target) : exact(source, target);
        }
        if (FINE.contains(base)) {
            return List.of(new Value("%s"));
        }
        if (STRINGS.contains(base)) {
            boolean asTyped = kind == DigestKind.EQUAL && !source.deterministic() && sameEncoding;
            return List.of(asTyped ? new Value("%s") : text("%s::text"));
        }
        String send = SENT.get(base);
        return List.of(send == null ? text("%s::text") : new Value(send));
    }

    private List<Form> exact(ColumnType source, ColumnType target) {
        boolean alike = modifiersAlike(source, target);
        return List.of(
                switch (source.base()) {
                    case "numeric" -> alike ? Hashes.NUMERIC_OF_ONE_SCALE : Hashes.NUMERIC_WITH_SCALE;
                    case "float4", "float8" -> Hashes.FLOAT;
                    case "interval" -> new Value("interval_send(%s)");
                    case "bpchar" -> bpchar(source, target, alike);
                    case "numrange" -> new Value("range_send(%s)");
                    case "nummultirange" -> new Value("multirange_send(%s)");
                    default -> text("%s::text");
                });
    }

    private Form bpchar(ColumnType source, ColumnType target, boolean alike) {
        if (!sameEncoding) {
            return text(paddedAlike(source, target) ? "%s::text" : "textin(bpcharout(%s))");
        }
        return new Value(alike && source.deterministic() ? "%s" : "bpcharsend(%s)");
    }

    private List<Form> equal(ColumnType source, ColumnType target) {
        return switch (source.base()) {
            case "numeric" ->
                List.of(modifiersAlike(source, target) ? Hashes.NUMERIC_OF_ONE_SCALE : Hashes.NUMERIC_VALUE);
            case "float4", "float8" -> List.of(Hashes.FLOAT_VALUE);
            // Equal intervals have one form in which months, days and time carry over and have one sign.
            case "interval" -> List.of(new Value("interval_send(justify_interval(%s))"));
            case "bpchar" -> List.of(sameEncoding ? new Value("%s") : text("%s::text"));
            case "jsonb" -> jsonbValue("%s");
            default -> List.of(Hashes.trimmed("(%s)::text"));
        };
    }

    private List<Form> jsonbValue(String jsonb) {
        // Numbers and strings of two encodings can only be told apart by their text.
        return sameEncoding ? Hashes.jsonbValue(jsonb) : List.of(text(jsonb + "::text"));
    }

    /** Whether a number has the same scale, or a text the same length, in every row of both columns. */
    private static boolean modifiersAlike(ColumnType source, ColumnType target) {
        boolean modified = source.modifier() >= MODIFIER_HEADER && target.modifier() >= MODIFIER_HEADER;
        return modified
                && (source.base().equals("numeric")
                        ? scale(source) == scale(target)
                        : source.modifier() == target.modifier());
    }

    private static int scale(ColumnType numeric) {
        return (numeric.modifier() - MODIFIER_HEADER) & NUMERIC_SCALE_MASK;
    }

    private List<Form> mixed(ColumnType source, ColumnType target) {
        Set<String> bases = Set.of(source.base(), target.base());
        if (INTEGERS.containsAll(bases)) {
            return List.of(Hashes.INT8);
        }
        if (bases.contains("numeric") && INTEGERS.containsAll(without(bases, "numeric"))) {
            return List.of(cast(Hashes.NUMERIC_VALUE, "numeric"));
        }
        if (bases.equals(Set.of("float4", "float8"))) {
            return List.of(cast(kind == DigestKind.EQUAL ? Hashes.FLOAT_VALUE : Hashes.FLOAT, "float8"));
        }
        if (MOMENTS.containsAll(bases)) {
            return List.of(cast(Hashes.MOMENT, "timestamp"));
        }
        if (NETWORKS.containsAll(bases)) {
            return List.of(new Value("%s::inet"));
        }
        if (bases.equals(Set.of("json", "jsonb"))) {
            return kind == DigestKind.EQUAL ? jsonbValue("%s::jsonb") : List.of(text("%s::jsonb::text"));
        }
        return List.of(text("%s::text"));
    }

    private static Form cast(Hash hash, String type) {
        return new Hash(hash.of("(%s)::" + type));
    }

    private static Set<String> without(Set<String> bases, String one) {
        return bases.stream().filter(base -> !base.equals(one)).collect(Collectors.toSet());
    }

    private List<Form> array(ColumnType source, ColumnType target) {
        String base = source.base();
        if (!base.equals(target.base())) {
            return List.of(text("%s::text"));
        }
        if (FINE.contains(base)) {
            return Hashes.array("");
        }
        if (STRINGS.contains(base) && sameEncoding) {
            return Hashes.array(" COLLATE \"C\"");
        }
        if (kind == DigestKind.EQUAL && COARSE.contains(base) && (sameEncoding || !TEXTUAL.contains(base))) {
            return equalArray(base);
        }
        boolean sendable =
                COARSE.contains(base) || SENT.containsKey(base) || DIRECT.containsKey(base) || STRINGS.contains(base);
        return List.of(sendable ? new Value("array_send(%s)") : text("%s::text"));
    }

    private static List<Form> equalArray(String base) {
        return switch (base) {
            case "jsonb" -> Hashes.jsonbArrayValue();
            case "interval" ->
                List.of(
                        new Value("CASE WHEN %s IS NOT NULL THEN"
                                + " array_send(ARRAY(SELECT justify_interval(e) FROM unnest(%s) e)) END"),
                        Hashes.text("array_dims(%s)"));
            case "float4", "float8", "bpchar" -> Hashes.array("");
            default -> List.of(Hashes.trimmed("(%s)::text"));
        };
    }

    private Form text(String template) {
        return sameEncoding ? Hashes.text(template) : new Value("convert_to(" + template + ", 'UTF8')");
    }
}
