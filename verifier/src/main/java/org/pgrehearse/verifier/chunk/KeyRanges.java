package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;

/**
 * Hands out a table's intervals, range by range from the lowest keys up. A range is so long that a statement over it
 * takes about the wanted time, and short against the whole table, for a range that differs is read once more. Safe for
 * use by many threads.
 */
public final class KeyRanges {
    private static final int RANGES_MIN = 128;
    private static final int GROWTH_MAX = 4;
    private static final long RANGE_NANOS_MIN = Duration.ofMillis(15).toNanos();

    private final int intervals;
    private final BitSet taken;
    private final long wantedNanos;
    private int length;

    /** A consecutive run of intervals, the end exclusive. */
    public record Range(int first, int end) {}

    /** All intervals but those that were done before. */
    public KeyRanges(int intervals, BitSet done, Duration wanted) {
        this.intervals = intervals;
        this.taken = (BitSet) done.clone();
        this.wantedNanos = wanted.toNanos();
        this.length = Math.max(1, intervals / RANGES_MIN);
    }

    /** The next range; empty when all were handed out. */
    public synchronized Optional<Range> take() {
        int first = taken.nextClearBit(0);
        if (first >= intervals) {
            return Optional.empty();
        }
        int occupied = taken.nextSetBit(first);
        int free = occupied < 0 ? intervals : Math.min(occupied, intervals);
        int end = Math.min(first + length, free);
        taken.set(first, end);
        return Optional.of(new Range(first, end));
    }

    /** Learns how long a range took. */
    public synchronized void took(Range range, long nanos) {
        double perInterval = Math.max(1, nanos) / (double) (range.end() - range.first());
        double share = Math.max((double) RANGE_NANOS_MIN, perInterval * intervals / RANGES_MIN);
        double ideal = Math.min((double) wantedNanos, share) / perInterval;
        length = (int) Math.clamp(ideal, 1, (double) Math.min(intervals, length * (long) GROWTH_MAX));
    }
}
