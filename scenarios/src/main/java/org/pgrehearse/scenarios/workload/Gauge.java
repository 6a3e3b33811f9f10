package org.pgrehearse.scenarios.workload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.pgrehearse.reports.journal.Outcome;

/** Counts and recent lateness for a reader who watches. Writing never waits; reading is for one thread at a time. */
public final class Gauge {
    private static final long LATENESS_MICROS_MAX = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;

    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final Recorder lateness = new Recorder(LATENESS_MICROS_MAX, DIGITS);
    private long readNanos;

    Gauge(long nowNanos) {
        readNanos = nowNanos;
    }

    void count(Outcome outcome, long latenessNanos) {
        switch (outcome) {
            case ACKNOWLEDGED -> acknowledged.increment();
            case FAILED -> failed.increment();
            case UNKNOWN -> unknown.increment();
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, latenessNanos));
        lateness.recordValue(Math.min(micros, LATENESS_MICROS_MAX));
    }

    synchronized Reading read(long nowNanos, int inFlight) {
        Histogram recent = lateness.getIntervalHistogram();
        double seconds = Math.max(1, nowNanos - readNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        readNanos = nowNanos;
        return new Reading(
                acknowledged.sum(),
                failed.sum(),
                unknown.sum(),
                inFlight,
                recent.getTotalCount() / seconds,
                recent.getValueAtPercentile(50) / 1000.0,
                recent.getValueAtPercentile(99) / 1000.0);
    }

    /**
     * One look at the gauge. Counts are since the start, rate and lateness since the last look.
     *
     * @param endedPerSecond operations that ended, whatever their outcome
     * @param latenessMillisP50 from the intended start to the end
     */
    public record Reading(
            long acknowledged,
            long failed,
            long unknown,
            int inFlight,
            double endedPerSecond,
            double latenessMillisP50,
            double latenessMillisP99) {}
}
