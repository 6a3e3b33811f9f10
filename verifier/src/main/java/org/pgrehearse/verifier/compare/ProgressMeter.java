package org.pgrehearse.verifier.compare;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Counts what was done and tells a {@link Progress} at a bounded rate. Safe for use by many threads. */
final class ProgressMeter {
    private static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    private final Progress progress;
    private final LongSupplier nanos;
    private final long started;
    private final ReentrantLock lock = new ReentrantLock();
    private long told;
    private int tablesTotal;
    private int tablesDone;
    private long rowsRead;
    private String table = "";

    ProgressMeter(Progress progress, LongSupplier nanos) {
        this.progress = progress;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
        this.told = started - INTERVAL_NANOS;
    }

    void tables(int total) {
        change(() -> tablesTotal = total, false);
    }

    void rows(String of, long more) {
        change(
                () -> {
                    rowsRead += more;
                    table = of;
                },
                false);
    }

    void tableDone(String name) {
        change(
                () -> {
                    tablesDone++;
                    table = name;
                },
                false);
    }

    void finished() {
        change(() -> {}, true);
    }

    private void change(Runnable change, boolean always) {
        lock.lock();
        try {
            change.run();
            long now = nanos.getAsLong();
            if (always || now - told >= INTERVAL_NANOS) {
                told = now;
                progress.update(
                        new Progress.State(tablesDone, tablesTotal, rowsRead, table, Duration.ofNanos(now - started)));
            }
        } finally {
            lock.unlock();
        }
    }
}
