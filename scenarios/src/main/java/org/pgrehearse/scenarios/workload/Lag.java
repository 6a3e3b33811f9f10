package org.pgrehearse.scenarios.workload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How late a generator began its operations, from the intended start to the moment at which its worker ran. No server
 * has a part in it. Safe for use by many threads.
 */
public final class Lag {
    private static final long MICROS_MAX = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;

    private final long lateNanos;
    private final LongAdder late = new LongAdder();
    private final Recorder micros = new Recorder(MICROS_MAX, DIGITS);
    private final Histogram all = new Histogram(MICROS_MAX, DIGITS);

    Lag(long lateNanos) {
        this.lateNanos = lateNanos;
    }

    void begun(long nanos) {
        if (nanos > lateNanos) {
            late.increment();
        }
        micros.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, MICROS_MAX));
    }

    synchronized Reading read() {
        all.add(micros.getIntervalHistogram());
        return new Reading(
                all.getTotalCount(),
                late.sum(),
                all.getValueAtPercentile(50) / 1000.0,
                all.getValueAtPercentile(99) / 1000.0,
                all.getMaxValue() / 1000.0);
    }

    /**
     * The lag of all operations so far.
     *
     * @param begun how many there were
     * @param late how many of them began so late that no run counts that had many of them
     * @param millisP50 the median, in milliseconds
     */
    public record Reading(long begun, long late, double millisP50, double millisP99, double millisMax) {}
}
