package org.pgrehearse.verifier.compare;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Counts what was done and tells a {@link Progress} at a bounded rate. Safe for use by many threads. */
final class ProgressMeter {
    private static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    private final Progress progress;
    private final LongSupplier nanos;
    private final long started;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Share> shares = new HashMap<>();
    private long told;
    private int tablesTotal;
    private int tablesDone;
    private long rowsRead;
    private double bytesRead;
    private long bytesTotal;
    private String table = "";
    private String paused = "";

    /** Bytes of one table. */
    private record Share(double read, double total) {
        double part() {
            return total <= 0 ? 1 : Math.min(1, read / total);
        }
    }

    ProgressMeter(Progress progress, LongSupplier nanos) {
        this.progress = progress;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
        this.told = started - INTERVAL_NANOS;
    }

    /** What there is to do; a comparison that begins again has done nothing of it. */
    void tables(int number, long bytes) {
        change(
                () -> {
                    tablesDone = 0;
                    bytesRead = 0;
                    shares.clear();
                    paused = "";
                    tablesTotal = number;
                    bytesTotal = bytes;
                },
                false);
    }

    /** A table is about to be read, and its size is known now. */
    void begin(String name, long estimated, long bytes) {
        change(
                () -> {
                    bytesTotal += bytes - estimated;
                    shares.put(name, new Share(0, bytes));
                },
                false);
    }

    void read(String of, long rows, double bytes) {
        change(
                () -> {
                    rowsRead += rows;
                    bytesRead += bytes;
                    table = of;
                    paused = "";
                    shares.computeIfPresent(of, (name, share) -> new Share(share.read() + bytes, share.total()));
                },
                false);
    }

    void pause(String reason) {
        change(() -> paused = reason, true);
    }

    void tableDone(String name) {
        change(
                () -> {
                    tablesDone++;
                    table = name;
                    shares.remove(name);
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
                progress.update(state(Duration.ofNanos(now - started)));
            }
        } finally {
            lock.unlock();
        }
    }

    private Progress.State state(Duration elapsed) {
        Share share = shares.get(table);
        return new Progress.State(
                tablesDone,
                tablesTotal,
                rowsRead,
                Math.round(bytesRead),
                bytesTotal,
                table,
                share == null ? 1 : share.part(),
                paused,
                elapsed);
    }
}
