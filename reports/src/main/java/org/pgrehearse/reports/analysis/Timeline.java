package org.pgrehearse.reports.analysis;

import java.util.List;

/**
 * The run as curves, small enough to draw: what happened in each bucket of time, each monitor's readings, each probe's
 * lateness. Thinned where there is more; the journal keeps everything.
 *
 * @param bucketNanos length of a bucket
 * @param buckets one for each stretch of the run, in order, none left out
 */
public record Timeline(long bucketNanos, List<Bucket> buckets, List<Monitor> monitors, List<Dot> dots) {
    public Timeline {
        buckets = List.copyOf(buckets);
        monitors = List.copyOf(monitors);
        dots = List.copyOf(dots);
    }

    /**
     * One stretch of the run.
     *
     * @param acknowledged operations of the load that ended in it, by outcome
     * @param p50 latency in nanoseconds of acknowledged operations intended in it; -1 when there were none
     */
    public record Bucket(long startNanos, long acknowledged, long failed, long unknown, long p50, long p99, long max) {}

    /** One monitor's readings. */
    public record Monitor(String name, List<Reading> readings) {
        public Monitor {
            readings = List.copyOf(readings);
        }
    }

    /** One reading. */
    public record Reading(long atNanos, double value) {}

    /** One probe: when it was intended, and how long until its answer. */
    public record Dot(long intendedNanos, long nanos, boolean write, Look look) {}

    /** How a probe ended, as the eye should see it. */
    public enum Look {
        GOOD,
        LATE,
        FAILED,
        UNKNOWN,
        WRONG_SIDE
    }
}
