package org.pgrehearse.reports.analysis;

import java.util.List;
import java.util.Map;

/**
 * For how long users could not write (or read), as an open-loop sentinel saw it.
 *
 * <p>One probe is intended every {@code intervalNanos}. It is good for a tolerance when it was acknowledged no later
 * than that after its <em>intended</em> start, by the side that was authoritative when it ended, and (for a write) was
 * not lost afterwards. An intended probe that was never recorded is not good. A read on a side without authority is not
 * good either: it may have seen old data. The downtime is the interval times the number of probes that are not good.
 *
 * @param probes how many probes were recorded
 * @param missing how many were intended and never recorded
 * @param intervalNanos the resolution: every edge of a window is uncertain by this much
 * @param toleranceNanos the headline tolerance: the sentinel's own deadline, 500 ms unless the scenario says otherwise
 * @param longestNanos length of the longest window
 * @param windows the first ones; {@code windowCount} tells how many there are
 * @param byTolerance total downtime for each tolerance, from strict to none
 * @param notGood how many of the probes were not good and why
 * @param jitterP99Nanos how late the sentinel itself started its probes, 99th percentile
 * @param standstill of the sentinel itself, if it ever started a probe late by more than the tolerance
 * @param stallNanos the greatest lateness of an acknowledged probe
 * @param errors probes that were not acknowledged, by SQLSTATE
 * @param doubt why this is no measurement; empty when it is one
 * @param hardDownNanos time in buckets of 100 ms (or of five probes, if longer) in which no probe was good
 * @param degradedNanos time in such buckets in which some probes were good, and fewer than 99 % of them
 */
public record Downtime(
        long probes,
        long missing,
        long intervalNanos,
        long toleranceNanos,
        long totalNanos,
        long longestNanos,
        long windowCount,
        List<Window> windows,
        List<AtTolerance> byTolerance,
        Causes notGood,
        Connections warm,
        Connections fresh,
        long jitterP99Nanos,
        Standstill standstill,
        long stallNanos,
        Map<String, Long> errors,
        String doubt,
        long hardDownNanos,
        long degradedNanos,
        Recovery recovery) {
    /** A tolerance that any acknowledgement meets. */
    public static final long NO_TOLERANCE_LIMIT = Long.MAX_VALUE;

    public Downtime {
        windows = List.copyOf(windows);
        byTolerance = List.copyOf(byTolerance);
        errors = Map.copyOf(errors);
    }

    /**
     * A stretch of time from the first probe that was not good to the first of five good ones in a row.
     *
     * @param notGood probes in it that were not good
     * @param closed whether service was seen to return; if not, it ends where the sentinel stopped
     */
    public record Window(long startNanos, long endNanos, long notGood, boolean closed) {
        /** How long it was. */
        public long nanos() {
            return endNanos - startNanos;
        }
    }

    /**
     * When the instrument stood still, and not the servers: a pause of the collector, a busy or stopped machine. A
     * probe counts when it was started late by more than the tolerance, or when its answer was in time counted from its
     * start and too late only because that start was late by more than the jitter that is allowed.
     *
     * @param probes how many were spoiled
     * @param firstNanos intended start of the first of them; -1 for none
     * @param lastNanos intended start of the last of them; -1 for none
     * @param worstNanos the greatest lateness of a start among them
     */
    public record Standstill(long probes, long firstNanos, long lastNanos, long worstNanos) {}

    /**
     * How long answers stayed slow after windows of downtime.
     *
     * @param baselineP99Nanos 99th percentile of the lateness of probes before the first window
     * @param longestNanos from a window's end until the 99th percentile was back within twice the baseline, the longest
     * @param returned whether it was seen to return after every window
     * @param doubt why this is no measurement; empty when it is one
     */
    public record Recovery(long baselineP99Nanos, long longestNanos, boolean returned, String doubt) {}

    /** Total downtime when an answer may be this late. */
    public record AtTolerance(long toleranceNanos, long totalNanos) {}

    /**
     * Why probes were not good at the headline tolerance; each counted once, under the first that applies.
     *
     * @param wrongSide acknowledged by a side without authority, or by one that did not name itself
     */
    public record Causes(long failed, long unknown, long wrongSide, long lost, long late, long missing) {}

    /**
     * One way to reach the database.
     *
     * @param lastNotGoodNanos intended start of the last probe that was not good; -1 when all were
     */
    public record Connections(long probes, long notGood, long lastNotGoodNanos) {}
}
