package org.pgrehearse.reports.analysis;

import java.util.Map;

/**
 * What the load did. Latencies are those of acknowledged operations, counted from the intended start.
 *
 * @param scheduled every operation of the schedule that was recorded; none is skipped because the system is slow
 * @param errors operations that were not acknowledged, by SQLSTATE
 */
public record Workload(
        long scheduled,
        long acknowledged,
        long failed,
        long unknown,
        Latency all,
        Latency writes,
        Latency reads,
        Map<String, Long> errors) {
    public Workload {
        errors = Map.copyOf(errors);
    }

    /** Percentiles in nanoseconds; all 0 when {@code count} is 0. */
    public record Latency(long count, long p50, long p95, long p99, long p999, long max) {}
}
