package org.pgrehearse.reports.analysis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What the load did. Latencies are those of acknowledged operations, counted from the intended start.
 *
 * @param scheduled every operation of the schedule that was recorded; none is skipped because the system is slow
 * @param errors operations that were not acknowledged, by SQLSTATE
 * @param kinds the same counts for each kind of transaction, by name; at most {@value #KINDS_MAX} of them
 */
public record Workload(
        long scheduled,
        long acknowledged,
        long failed,
        long unknown,
        Latency all,
        Latency writes,
        Latency reads,
        Map<String, Long> errors,
        List<Kind> kinds) {
    /** A load of more kinds of transactions, such as a recorded one, is told by the first of them. */
    public static final int KINDS_MAX = 100;

    public Workload {
        errors = Map.copyOf(errors);
        kinds = List.copyOf(kinds);
    }

    /**
     * One kind of transaction, such as a script of the user's.
     *
     * @param failedByPhase how many of those meant to start in each phase failed, in the order of the phases; without
     *     those in which none did
     */
    public record Kind(
            String name,
            long scheduled,
            long acknowledged,
            long failed,
            long unknown,
            SequencedMap<String, Long> failedByPhase) {
        public Kind {
            failedByPhase = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(failedByPhase));
        }
    }

    /** Percentiles in nanoseconds; all 0 when {@code count} is 0. */
    public record Latency(long count, long p50, long p95, long p99, long p999, long max) {}
}
