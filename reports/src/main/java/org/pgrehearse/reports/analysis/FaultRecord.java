package org.pgrehearse.reports.analysis;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;

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
    private static final long NEVER = -1;

    /** Between these two instants, a request and its confirmation, something changed. */
    public record Edge(long requestNanos, long confirmedNanos) {}

    static FaultRecord asked(Event.FaultAsked asked, long end) {
        return new FaultRecord(
                asked.name(),
                asked.kind(),
                asked.place(),
                asked.detail(),
                asked.atNanos(),
                NEVER,
                "",
                NEVER,
                false,
                "",
                end,
                null,
                null);
    }

    FaultRecord with(Event.FaultBit seen) {
        return new FaultRecord(
                name,
                kind,
                place,
                detail,
                askedNanos,
                seen.atNanos(),
                seen.evidence(),
                healedNanos,
                healed,
                healing,
                endNanos,
                began,
                ended);
    }

    FaultRecord with(Event.FaultHealed tried) {
        return new FaultRecord(
                name,
                kind,
                place,
                detail,
                askedNanos,
                bitNanos,
                evidence,
                tried.atNanos(),
                tried.healed(),
                tried.detail(),
                tried.healed() ? tried.atNanos() : endNanos,
                began,
                ended);
    }

    FaultRecord with(Event.FaultEdge measured) {
        Edge edge = new Edge(measured.requestNanos(), measured.confirmedNanos());
        return new FaultRecord(
                name,
                kind,
                place,
                detail,
                askedNanos,
                bitNanos,
                evidence,
                healedNanos,
                healed,
                healing,
                endNanos,
                measured.began() ? edge : began,
                measured.began() ? ended : edge);
    }

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
