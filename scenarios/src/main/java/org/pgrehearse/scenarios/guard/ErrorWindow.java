package org.pgrehearse.scenarios.guard;

import org.pgrehearse.reports.journal.Outcome;

/** Which share of the writes that ended lately was not acknowledged. Safe for use by many threads. */
final class ErrorWindow {
    private static final int BUCKETS = 20;
    private static final int WRITES_MIN = 20;

    private final long bucketNanos;
    private final long[] places = new long[BUCKETS];
    private final long[] all = new long[BUCKETS];
    private final long[] errors = new long[BUCKETS];

    ErrorWindow(long lengthNanos) {
        bucketNanos = lengthNanos / BUCKETS;
    }

    synchronized void add(long atNanos, Outcome outcome) {
        long place = atNanos / bucketNanos;
        int slot = (int) (place % BUCKETS);
        if (places[slot] < place) {
            places[slot] = place;
            all[slot] = 0;
            errors[slot] = 0;
        }
        all[slot]++;
        errors[slot] += outcome == Outcome.ACKNOWLEDGED ? 0 : 1;
    }

    /** From 0 to 1; NaN for too few writes. */
    synchronized double share(long nowNanos) {
        long oldest = nowNanos / bucketNanos - BUCKETS;
        long ended = 0;
        long failed = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (places[i] > oldest) {
                ended += all[i];
                failed += errors[i];
            }
        }
        return ended < WRITES_MIN ? Double.NaN : failed / (double) ended;
    }
}
