package org.pgrehearse.verifier.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.ColumnType;
import org.pgrehearse.verifier.digest.Form.Shape;

/**
 * The SQL that hashes rows, keys and columns to 64 bits, the same on both sides.
 *
 * <p>Combining the columns of a row is linear in every PostgreSQL hash of several values, so that a sum of such hashes
 * misses values that were swapped between rows. Each row's hash is therefore mixed once more before it is summed. Seeds
 * are never zero: with seed zero, a null and 0.0 hash alike.
 */
public final class Digest {
    private static final int SEED = 42;
    private static final int ROW_MIX = 7;
    private static final int KEY_MIX = 11;
    private static final int FIRST_WITH_RECORD_HASH = 14;

    private final DigestKind kind;
    private final boolean portable;
    private final boolean records;
    private final Forms forms;
    private final Forms keyForms;

    /**
     * A digest that both servers can compute.
     *
     * @param olderMajor the older of the two servers' major versions
     * @param sameEncoding whether both databases store text in the same encoding
     * @param sameHashes whether both servers gave the same answer to the {@link Canary}; if not, texts are compared
     *     through SHA-256, which is slow and the same everywhere
     */
    public Digest(DigestKind wanted, int olderMajor, boolean sameEncoding, boolean sameHashes) {
        this.kind = sameHashes ? wanted : DigestKind.TEXT;
        this.portable = !sameHashes;
        this.records = olderMajor >= FIRST_WITH_RECORD_HASH;
        // The portable hash converts the whole row to UTF8 itself.
        this.forms = new Forms(kind, sameEncoding || portable);
        // Two keys that a unique index takes for equal are one key, whatever their bytes.
        this.keyForms =
                new Forms(kind == DigestKind.TEXT ? DigestKind.TEXT : DigestKind.EQUAL, sameEncoding || portable);
    }

    /** A column that both sides have. */
    public record Pair(Column source, Column target) {
        /** Its name, which is the same on both sides. */
        public String name() {
            return source.name();
        }

        /** Its name as SQL must write it. */
        public String quoted() {
            return source.quoted();
        }

        /** An expression for its value as a reader shall see it, blanks at the end included. */
        public String text() {
            return Forms.asText(source.type(), target.type()).replace("%s", quoted());
        }

        /** Whether lengths and positions count bytes, because the value is binary on both sides. */
        public boolean binary() {
            return isBytes(source.type()) && isBytes(target.type());
        }

        private static boolean isBytes(ColumnType type) {
            return type.base().equals("bytea") && !type.array();
        }

        /** An expression for the beginning of its value, at most so many characters or, in hexadecimal, bytes. */
        public String head(int max) {
            return binary()
                    ? "'\\x' || encode(substr(" + quoted() + ", 1, " + max + "), 'hex')"
                    : "left(" + text() + ", " + max + ")";
        }

        /** An expression for the number of its characters or bytes. */
        public String length() {
            return binary() ? "octet_length(" + quoted() + ")" : "length(" + text() + ")";
        }

        /** An expression of type bytea for all of its value. */
        public String bytes(boolean rawText) {
            // Concatenation takes a value out of its compressed storage once instead of for every part.
            return binary()
                    ? quoted() + " || ''::bytea"
                    : "convert_to(" + text() + ", '" + (rawText ? "SQL_ASCII" : "UTF8") + "')";
        }
    }

    /** What "the same" means here. */
    public DigestKind kind() {
        return kind;
    }

    /** An expression of type bigint over all these columns of a row. */
    public String row(List<Pair> columns) {
        return hash(forms, columns, ROW_MIX);
    }

    /** An expression of type bigint over the columns of a key. Equal keys have equal hashes. */
    public String key(List<Pair> columns) {
        return hash(keyForms, columns, KEY_MIX);
    }

    private String hash(Forms which, List<Pair> columns, int mix) {
        if (columns.isEmpty()) {
            return "0::bigint";
        }
        if (portable) {
            return textHash(which, columns);
        }
        List<String> parts = new ArrayList<>();
        Shape only = Shape.OTHER;
        for (Pair pair : columns) {
            for (Form form : which.of(type(pair.source()), type(pair.target()))) {
                parts.add(records ? form.of(pair.quoted()) : hashed(form, pair.quoted()));
                only = form.shape();
            }
        }
        // Only a key is never null, and a null must have a hash.
        if (mix == KEY_MIX && parts.size() == 1 && only == Shape.INTEGER && records) {
            return "hashint8extended(" + parts.getFirst() + "::int8, " + mix + ")";
        }
        String list = String.join(", ", parts);
        String combined = records
                ? "hash_record_extended(ROW(" + list + "), " + SEED + ")"
                : "hash_array_extended(ARRAY[" + list + "]::int8[], " + SEED + ")";
        return "hashint8extended(" + combined + ", " + mix + ")";
    }

    /** Servers before version 14 cannot hash records: each form by itself, then the array of their hashes. */
    private static String hashed(Form form, String column) {
        String expression = form.of(column);
        return switch (form.shape()) {
            case INTEGER -> "hashint8extended((" + expression + ")::int8, " + SEED + ")";
            case TEXT -> "hashtextextended(" + expression + ", " + SEED + ")";
            case ARRAY -> "hash_array_extended(" + expression + ", " + SEED + ")";
            case OTHER ->
                "CASE WHEN " + column + " IS NULL THEN NULL ELSE hash_array_extended(ARRAY[" + expression + "], " + SEED
                        + ") END";
        };
    }

    /** Lengths before the values keep neighbors apart; a null is told from an empty text by its mark. */
    private static String textHash(Forms which, List<Pair> columns) {
        String text = columns.stream()
                .flatMap(pair -> which.of(type(pair.source()), type(pair.target())).stream()
                        .map(form -> form.of(pair.quoted())))
                .map(value -> "coalesce(length(" + value + ") || ':' || " + value + ", '-')")
                .collect(Collectors.joining(" || "));
        return "('x' || encode(substr(sha256(convert_to(" + text + ", 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint";
    }

    private static ColumnType type(Column column) {
        return column.type();
    }
}
