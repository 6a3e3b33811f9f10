package org.pgrehearse.scenarios.workload;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How true a replay was to its recording, counted in statements. Safe for use by many threads. */
public final class Fidelity {
    private static final long LAG_MICROS_MAX = TimeUnit.HOURS.toMicros(24);
    private static final int DIGITS = 3;

    private final Histogram lag = new Histogram(LAG_MICROS_MAX, DIGITS);
    private final Map<String, Long> skipped = new TreeMap<>();
    private long executed;
    private long failedAsRecorded;
    private long failedOtherwise;
    private long succeededOtherwise;

    synchronized void executed(String recordedState) {
        executed++;
        if (!recordedState.isEmpty()) {
            succeededOtherwise++;
        }
    }

    synchronized void failed(String recordedState) {
        if (recordedState.isEmpty()) {
            failedOtherwise++;
        } else {
            failedAsRecorded++;
        }
    }

    synchronized void skipped(String reason, long statements) {
        skipped.merge(reason, statements, Long::sum);
    }

    synchronized void lag(long nanos) {
        lag.recordValue(Math.min(LAG_MICROS_MAX, TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos))));
    }

    /** What was counted until now. */
    public synchronized Counts counts() {
        return new Counts(executed, failedAsRecorded, failedOtherwise, succeededOtherwise, Map.copyOf(skipped));
    }

    /** One sentence for the report. */
    synchronized String sentence() {
        return String.format(
                Locale.ROOT,
                "Replay: %d statements executed (%d of them failed in the recording), %d failed as recorded, %d failed"
                        + " otherwise, skipped %s;"
                        + " transactions began late by %.1f ms (p50), %.1f ms (p99), %.1f ms (max).",
                executed,
                succeededOtherwise,
                failedAsRecorded,
                failedOtherwise,
                skipped.isEmpty() ? "none" : skipped,
                lag.getValueAtPercentile(50) / 1000.0,
                lag.getValueAtPercentile(99) / 1000.0,
                lag.getMaxValue() / 1000.0);
    }

    /**
     * The counts.
     *
     * @param succeededOtherwise those of {@code executed} that failed in the recording
     * @param skipped by reason
     */
    public record Counts(
            long executed,
            long failedAsRecorded,
            long failedOtherwise,
            long succeededOtherwise,
            Map<String, Long> skipped) {}
}
