package org.pgrehearse.scenarios.workload;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.pgrehearse.scenarios.ids.IdMapping;

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
    private long idsMapped;
    private long statementsUnmapped;
    private long statementsUnproven;
    private long silent;
    private long beyond;

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

    synchronized void mapped(IdMapping.Mapped statement) {
        idsMapped += statement.mapped();
        statementsUnmapped += statement.unmapped() > 0 ? 1 : 0;
        statementsUnproven += statement.unproven() > 0 ? 1 : 0;
    }

    /** What the recording lets be mapped. */
    synchronized void mapsBy(IdMapping ids) {
        silent = ids.silent();
        beyond = ids.beyond();
    }

    synchronized void skipped(String reason, long statements) {
        skipped.merge(reason, statements, Long::sum);
    }

    synchronized void lag(long nanos) {
        lag.recordValue(Math.min(LAG_MICROS_MAX, TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos))));
    }

    /** What was counted until now. */
    public synchronized Counts counts() {
        return new Counts(
                executed,
                failedAsRecorded,
                failedOtherwise,
                succeededOtherwise,
                Map.copyOf(skipped),
                new Ids(idsMapped, statementsUnmapped, statementsUnproven, silent, beyond));
    }

    /** One sentence for the report. */
    synchronized String sentence() {
        return String.format(
                Locale.ROOT,
                "Replay: %d statements executed (%d of them failed in the recording), %d failed as recorded, %d failed"
                        + " otherwise, skipped %s;"
                        + " transactions began late by %.1f ms (p50), %.1f ms (p99), %.1f ms (max);"
                        + " ids: %d mapped, %d statements used one that the replay did not make, %d hold a number"
                        + " that may be one, %d made some that the recording does not hold, %d too many.",
                executed,
                succeededOtherwise,
                failedAsRecorded,
                failedOtherwise,
                skipped.isEmpty() ? "none" : skipped,
                lag.getValueAtPercentile(50) / 1000.0,
                lag.getValueAtPercentile(99) / 1000.0,
                lag.getMaxValue() / 1000.0,
                idsMapped,
                statementsUnmapped,
                statementsUnproven,
                silent,
                beyond);
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
            Map<String, Long> skipped,
            Ids ids) {}

    /**
     * What became of values that servers generate.
     *
     * @param mapped values in statements that were replaced by what the replay generated
     * @param statementsUnmapped those with a generated value for which the replay has none
     * @param statementsUnproven those with a value that equals a generated one, where no column tells whether it is one
     * @param silent statements that generate values which the recording does not hold
     * @param beyond generated values of the recording that were too many to be mapped
     */
    public record Ids(long mapped, long statementsUnmapped, long statementsUnproven, long silent, long beyond) {}
}
