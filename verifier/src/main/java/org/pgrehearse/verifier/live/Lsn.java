package org.pgrehearse.verifier.live;

/** A position in a write-ahead log, ordered as PostgreSQL orders {@code pg_lsn}. */
record Lsn(long position) implements Comparable<Lsn> {
    private static final int HALF = 32;
    private static final int HEX = 16;

    /** Reads {@code 16/B374D848}. */
    static Lsn of(String text) {
        int slash = text.indexOf('/');
        return new Lsn(Long.parseUnsignedLong(text, 0, slash, HEX) << HALF
                | Long.parseUnsignedLong(text, slash + 1, text.length(), HEX));
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(position, other.position);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", position >>> HALF, position & 0xFFFF_FFFFL);
    }
}
