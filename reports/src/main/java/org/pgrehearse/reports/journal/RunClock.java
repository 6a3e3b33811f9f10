package org.pgrehearse.reports.journal;

import java.util.function.LongSupplier;

/** The one monotonic clock of a run. Its zero is its own creation. Safe for use by many threads. */
public final class RunClock {
    private final LongSupplier nanos;
    private final long zero;

    /** A clock over any monotonic source of nanoseconds, started now. */
    public RunClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.zero = nanos.getAsLong();
    }

    /** A clock over this machine's monotonic time, started now. */
    public static RunClock startedNow() {
        return new RunClock(System::nanoTime);
    }

    /** Nanoseconds since this clock was started; never negative. */
    public long nowNanos() {
        return Math.max(0, nanos.getAsLong() - zero);
    }
}
