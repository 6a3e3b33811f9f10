package org.pgrehearse.verifier.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.ColumnType;

/**
 * The SQL that hashes rows, keys and columns to 64 bits, the same on both sides.
 *
 * <p>Every column is hashed with a seed of its own, a null as zero; the exclusive or of these hashes is mixed once
 * more, because a sum over rows of something that is linear in its columns would miss values that were swapped between
 * rows. Both the mixing and the {@link Hashes hashes of columns} keep all 64 bits, where PostgreSQL's
 * {@code hashint8extended} and whatever is built on it fold them into 32. Seeds are never zero: with seed zero, a null
 * and 0.0 hash alike.
 */
public final class Digest {
    /** Changes whenever the same rows get other hashes, so that sums of two kinds are never compared. */
    public static final int VERSION = 2;

    private static final int ROW_MIX = 7;
    private static final int KEY_MIX = 11;
    private static final int FIRST_WITH_RECORD_HASH = 14;

    /** Of SplitMix64 (Steele, Lea, Flood, 2014): the step between two states, and the two multipliers. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final long FIRST_MULTIPLIER = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_MULTIPLIER = 0x94D049BB133111EBL;

    /** Makes a seed positive and too large for an integer of 32 bits, so that SQL needs no cast for it. */
    private static final long LARGE = 1L << 40;

    private final DigestKind kind;
    private final boolean portable;
    private final boolean records;
    private final Forms forms;
    private final Forms keyForms;
    private final Forms lookForms;

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
        this.lookForms =
                new Forms(kind == DigestKind.TEXT ? DigestKind.TEXT : DigestKind.EXACT, sameEncoding || portable);
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

    /**
     * An expression of type bigint over all these columns of a row for a first look: rows with the same one are the
     * same whatever the kind of this digest is. It costs less than {@link #row} where that is {@link #coarser}.
     */
    public String look(List<Pair> columns) {
        return hash(lookForms, columns, ROW_MIX);
    }

    /** Whether rows may be the same that the first look tells apart. */
    public boolean coarser() {
        return kind == DigestKind.EQUAL;
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
            return textHash(columns);
        }
        List<String> hashes = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Pair pair : columns) {
            for (Form form : which.of(type(pair.source()), type(pair.target()))) {
                switch (form) {
                    case Form.Hash hash -> hashes.add(hash.of(pair.quoted(), seed(hashes.size() + 1)));
                    case Form.Value value -> values.add(value.of(pair.quoted()));
                }
            }
        }
        // Only a key is never null, and a null must have a hash.
        if (mix == KEY_MIX && values.isEmpty() && hashes.size() == 1) {
            return hashes.getFirst();
        }
        hashes.replaceAll(hash -> "coalesce(" + hash + ", 0)");
        if (!values.isEmpty()) {
            hashes.add("hashint4extended(1, " + generic(values) + ")");
        }
        return "hashint4extended(" + mix + ", " + combined(hashes) + ")";
    }

    /** Servers before version 14 cannot hash records: each value by itself. */
    private String generic(List<String> values) {
        if (records) {
            return "hash_record_extended(ROW(" + String.join(", ", values) + "), " + seed(0) + ")";
        }
        List<String> hashes = new ArrayList<>();
        for (String value : values) {
            hashes.add("hash_array_extended(ARRAY[" + value + "], " + seed(-hashes.size()) + ")");
        }
        return combined(hashes);
    }

    /** A tree, because an expression of a thousand columns in one line would need too much of the server's stack. */
    private static String combined(List<String> hashes) {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        int half = hashes.size() / 2;
        return "(" + combined(hashes.subList(0, half)) + " # " + combined(hashes.subList(half, hashes.size())) + ")";
    }

    private static long seed(int number) {
        long mixed = GOLDEN_GAMMA * number + GOLDEN_GAMMA;
        mixed = (mixed ^ (mixed >>> 30)) * FIRST_MULTIPLIER;
        mixed = (mixed ^ (mixed >>> 27)) * SECOND_MULTIPLIER;
        return ((mixed ^ (mixed >>> 31)) >>> 2) | LARGE;
    }

    /** Lengths before the values keep neighbors apart; a null is told from an empty text by its mark. */
    private static String textHash(List<Pair> columns) {
        String text = columns.stream()
                .map(pair -> Forms.asComparedText(type(pair.source()), type(pair.target()))
                        .replace("%s", pair.quoted()))
                .map(value -> "coalesce(length(" + value + ") || ':' || " + value + ", '-')")
                .collect(Collectors.joining(" || "));
        return "('x' || encode(substr(sha256(convert_to(" + text + ", 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint";
    }

    private static ColumnType type(Column column) {
        return column.type();
    }
}
