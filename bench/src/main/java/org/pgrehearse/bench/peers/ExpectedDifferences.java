package org.pgrehearse.bench.peers;

/**
 * How many rows differ between the two tables, by construction.
 *
 * @param missing rows on the source and not on the target
 * @param unexpected rows on the target and not on the source
 * @param changed rows with the same key and other values
 */
record ExpectedDifferences(long missing, long unexpected, long changed) {
    /** Of each four differences one is missing, one unexpected, and two are changed. */
    static final int GROUP = 4;

    /** A number of differences, which must be a multiple of {@link #GROUP}. */
    static ExpectedDifferences of(long total) {
        if (total < 0 || total % GROUP != 0) {
            throw new IllegalArgumentException("not a multiple of " + GROUP + ": " + total);
        }
        return new ExpectedDifferences(total / GROUP, total / GROUP, total / 2);
    }

    /** All of them. */
    long total() {
        return missing + unexpected + changed;
    }
}
