package org.pgrehearse.reports.analysis;

import org.jspecify.annotations.Nullable;

/**
 * What became of one fault.
 *
 * @param bitNanos when it was seen to bite; -1 when it never was
 * @param healedNanos when its healing ended, well or not; -1 when nobody tried
 * @param healed whether it is certainly gone
 * @param endNanos when it ended as far as the journal says: its healing, or the end of the run
 * @param began between which instants it took effect; null when nobody measured that
 * @param ended between which instants it stopped; null when nobody measured that
 */
public record FaultRecord(
        String name,
        String kind,
        String place,
        String detail,
        long askedNanos,
        long bitNanos,
        String evidence,
        long healedNanos,
        boolean healed,
        String healing,
        long endNanos,
        @Nullable Edge began,
        @Nullable Edge ended) {

    /** Between these two instants, a request and its confirmation, something changed. */
    public record Edge(long requestNanos, long confirmedNanos) {}

    /** Whether it was seen to bite. */
    public boolean bit() {
        return bitNanos >= 0;
    }

    /** When it bit, or when it was asked for if it never did. */
    public long startNanos() {
        return bit() ? bitNanos : askedNanos;
    }

    boolean overlaps(long from, long until) {
        return bit() && bitNanos <= until && endNanos >= from;
    }
}
