package org.pgrehearse.reports.journal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A journal file being written: gzip, one event a line. A killed process leaves a readable prefix that lacks at most
 * the last second. After the first failure to write every further {@link #record} and {@link #close} throws it. Safe
 * for use by many threads.
 */
public final class JournalWriter implements Recorder, AutoCloseable {
    private static final int EVENTS_QUEUED_MAX = 1 << 16;
    private static final int EVENTS_PER_BATCH_MAX = 1 << 10;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration FLUSH_INTERVAL_MAX = Duration.ofSeconds(1);
    private static final Duration CLOSE_WAIT_MAX = Duration.ofMinutes(1);
    private static final Duration RECORD_WAIT_MAX = Duration.ofMinutes(1);
    private static final Duration FAILURE_LOOK_INTERVAL = Duration.ofMillis(100);

    private final String name;
    private final RunClock clock;
    private final OutputStream out;
    private final EventFormat format = new EventFormat();
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(EVENTS_QUEUED_MAX);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closing;

    /** Opens a new journal and starts its writer thread; an existing file is replaced. */
    public JournalWriter(Path file, RunClock clock) {
        this(file.toString(), open(file), clock);
    }

    /** A journal into any stream, which this writer closes. */
    JournalWriter(String name, OutputStream bytes, RunClock clock) {
        this.name = name;
        this.clock = clock;
        this.out = new BufferedOutputStream(compressed(name, bytes), BUFFER_BYTES);
        this.thread = Thread.ofPlatform().name("journal-writer").daemon().unstarted(this::write);
        thread.start();
    }

    @Override
    public long nowNanos() {
        return clock.nowNanos();
    }

    /** An interrupted thread records all the same: the end of an interrupted run must be in the journal. */
    @Override
    public void record(Event event) {
        if (closing) {
            throw new IllegalStateException("the journal " + name + " is closed");
        }
        throwFailure();
        if (!queue.offer(event)) {
            recordWhenRoom(event);
        }
        if (!thread.isAlive()) {
            throwFailure();
            throw new IllegalStateException("the journal " + name + " was closed while it was written");
        }
    }

    /** Writes what is queued and closes the file. Throws when any event could not be written. */
    @Override
    public void close() {
        closing = true;
        if (!uninterrupted(CLOSE_WAIT_MAX, () -> thread.join(FAILURE_LOOK_INTERVAL))) {
            throw new JournalException("Cannot close journal " + name + ": the disk did not take it within "
                    + CLOSE_WAIT_MAX.toSeconds() + " s. Look at the disk; the journal is not complete.");
        }
        throwFailure();
        if (!queue.isEmpty()) {
            throw new JournalException("Cannot close journal " + name + ": " + queue.size()
                    + " events came while it was closed. Stop what records before the journal.");
        }
    }

    private void recordWhenRoom(Event event) {
        boolean recorded = uninterrupted(RECORD_WAIT_MAX, () -> {
            throwFailure();
            return queue.offer(event, FAILURE_LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        });
        if (!recorded) {
            throw new JournalException("Cannot write journal " + name + ": the disk did not keep up for "
                    + RECORD_WAIT_MAX.toSeconds() + " s. Use a faster disk for the results.");
        }
    }

    /** Whether the step succeeded in time; an interrupt meanwhile is kept for the caller. */
    private static boolean uninterrupted(Duration waitMax, InterruptibleStep step) {
        boolean interrupted = false;
        long start = System.nanoTime();
        try {
            while (System.nanoTime() - start < waitMax.toNanos()) {
                try {
                    if (step.done()) {
                        return true;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void throwFailure() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new JournalException(
                    "Cannot write journal " + name + ": " + cause.getMessage()
                            + ". Free or change the disk and run again; this recording is not complete.",
                    cause);
        }
    }

    private void write() {
        try (out) {
            writeUntilClosed();
        } catch (IOException | JacksonException | InterruptedException e) {
            failure.compareAndSet(null, e);
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    private void writeUntilClosed() throws IOException, InterruptedException {
        List<Event> batch = new ArrayList<>(EVENTS_PER_BATCH_MAX);
        long flushed = System.nanoTime();
        while (true) {
            boolean last = closing && queue.isEmpty();
            Event first = queue.poll(FAILURE_LOOK_INTERVAL.toMillis() / (closing ? 10 : 1), TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch, EVENTS_PER_BATCH_MAX - 1);
                for (Event event : batch) {
                    out.write(format.line(event));
                    out.write('\n');
                }
                batch.clear();
            } else if (last) {
                return;
            }
            if (System.nanoTime() - flushed >= FLUSH_INTERVAL_MAX.toNanos() / 2) {
                out.flush();
                flushed = System.nanoTime();
            }
        }
    }

    private static OutputStream open(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw new JournalException(
                    "Cannot create journal " + file + ": " + e + ". Choose a writable folder with --out.", e);
        }
    }

    private static OutputStream compressed(String name, OutputStream bytes) {
        try {
            return new FastGzip(bytes);
        } catch (IOException e) {
            throw new JournalException("Cannot create journal " + name + ": " + e + ". Look at the disk.", e);
        }
    }

    /** Something that waits a little and says whether it succeeded. */
    private interface InterruptibleStep {
        boolean done() throws InterruptedException;
    }

    /** Every flush ends a block, so that a reader gets everything before it. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream bytes) throws IOException {
            super(bytes, BUFFER_BYTES, true);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
