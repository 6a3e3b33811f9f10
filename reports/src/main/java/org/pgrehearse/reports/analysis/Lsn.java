package org.pgrehearse.reports.analysis;

/**
 * A position in a server's write-ahead log, such as {@code 0/3A10}. Ordered as the log is.
 *
 * @param position the unsigned number; 0 is no position
 */
public record Lsn(long position) implements Comparable<Lsn> {
    private static final int DIGITS_MAX = 8;

    /** Parses PostgreSQL's form; throws {@link IllegalArgumentException} for anything else. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        int low = text.length() - slash - 1;
        if (slash < 1 || slash > DIGITS_MAX || low < 1 || low > DIGITS_MAX || text.startsWith("-")) {
            throw new IllegalArgumentException("not a log position: " + text);
        }
        return new Lsn((Long.parseLong(text, 0, slash, 16) << 32) | Long.parseLong(text, slash + 1, text.length(), 16));
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(position, other.position);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(position >>> 32, position & 0xFFFFFFFFL);
    }
}
