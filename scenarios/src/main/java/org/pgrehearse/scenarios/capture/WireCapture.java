package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.chaos.proxy.ObservedPort;

/**
 * A workload file made of the traffic that passes a port. Traffic never waits for the disk: what the disk is too slow
 * for is left out and counted. Safe for use by many threads; closing it closes the port and completes the file.
 */
public final class WireCapture implements AutoCloseable {
    /**
     * What all sessions together may hold in memory: statements, parameters, COPY data, and what waits for the disk.
     */
    public static final long BYTES_MAX = 256L << 20;

    private static final int WAITING_MAX = 50_000;
    private static final int RECORD_BYTES_ROUGHLY = 256;
    private static final Duration WRITE_WAIT_MAX = Duration.ofSeconds(60);

    private final Tally tally = new Tally();
    private final Sieve sieve;
    private final WireBudget budget;
    private final BlockingQueue<Waiting> waiting;
    private final WorkloadFile.Output output;
    private final Path file;
    private final Thread writer;
    private final long startNanos = System.nanoTime();
    private volatile @Nullable IOException failure;
    private volatile boolean closing;
    private @Nullable ObservedPort port;

    private record Waiting(Recorded recorded, String place, long bytes) {}

    WireCapture(WorkloadFile.Output output, Path file, @Nullable Mask mask, long bytesMax, int waitingMax) {
        this.output = output;
        this.file = file;
        this.sieve = new Sieve(tally, mask);
        this.budget = new WireBudget(bytesMax);
        this.waiting = new ArrayBlockingQueue<>(waitingMax);
        this.writer = Thread.ofPlatform().name("pgrehearse-capture").daemon().unstarted(this::write);
    }

    /**
     * Begins to listen and to write.
     *
     * @param listen where clients connect; port 0 takes a free one
     * @param server where they get to
     * @param mask of values; null keeps them
     * @throws IOException when the port or the file cannot be opened
     */
    public static WireCapture start(InetSocketAddress listen, InetSocketAddress server, Path out, @Nullable Mask mask)
            throws IOException {
        WireCapture capture = new WireCapture(WorkloadFile.create(out), out, mask, BYTES_MAX, WAITING_MAX);
        capture.writer.start();
        try {
            capture.port = ObservedPort.open(listen, server, capture::connected);
        } catch (IOException e) {
            capture.close();
            throw e;
        }
        return capture;
    }

    /** For a test that has no port: the same with connections of its own. */
    void startWriting() {
        writer.start();
    }

    /** Where clients connect, with the real port. */
    public InetSocketAddress address() {
        ObservedPort open = port;
        if (open == null) {
            throw new IllegalStateException("It listens on no port.");
        }
        return open.address();
    }

    /** What was kept and left out so far; all of it once it is closed. */
    public Tally tally() {
        return tally;
    }

    /** Bytes of memory that sessions and the queue to the disk hold now. */
    long bytesHeld() {
        return budget.held();
    }

    Interceptor connected(Interceptor.Link link) {
        return new WireSession(Long.toString(link.number()), budget, this::micros, new WireDialog.Sink() {
            @Override
            public void found(Recorded recorded, String place) {
                enqueue(recorded, place);
            }

            @Override
            public void leftOut(String reason, String place, String why) {
                tally.skip(reason, place, why);
            }
        });
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
    }

    private void enqueue(Recorded recorded, String place) {
        long bytes = bytes(recorded);
        if (failure != null) {
            tally.skip("not-written", place, "what came after the file could not be written any more");
        } else if (!budget.reserve(bytes)) {
            tally.skip("slow-disk", place, "what came while the disk was behind");
        } else if (!waiting.offer(new Waiting(recorded, place, bytes))) {
            budget.release(bytes);
            tally.skip("slow-disk", place, "what came while the disk was behind");
        }
    }

    private static long bytes(Recorded recorded) {
        String sql = recorded.sql();
        String copy = recorded.copy();
        long parameters = recorded.parameters().stream()
                .mapToLong(each -> each == null ? 0 : each.length())
                .sum();
        return RECORD_BYTES_ROUGHLY
                + 2 * parameters
                + (sql == null ? 0 : 2L * sql.length())
                + (copy == null ? 0 : copy.length());
    }

    private void write() {
        try (output) {
            while (true) {
                Waiting next = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    write(next);
                } else if (closing) {
                    return;
                }
            }
        } catch (IOException e) {
            failure = e;
            leaveOutWaiting();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new IOException("interrupted", e);
        }
    }

    private void write(Waiting next) throws IOException {
        try {
            Optional<Recorded> kept = sieve.keep(next.recorded(), next.place());
            if (kept.isPresent()) {
                output.take(kept.orElseThrow());
                tally.count(kept.orElseThrow());
            }
        } catch (IOException e) {
            tally.skip("not-written", next.place(), "what the file had no room for");
            throw e;
        } finally {
            budget.release(next.bytes());
        }
    }

    private void leaveOutWaiting() {
        for (@Nullable Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            budget.release(next.bytes());
            tally.skip("not-written", next.place(), "what came after the file could not be written any more");
        }
    }

    /**
     * Ends every session and completes the file.
     *
     * @throws IOException when not everything could be written
     */
    @Override
    public void close() throws IOException {
        ObservedPort open = port;
        port = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            closing = true;
            await();
        }
        IOException failed = failure;
        if (failed != null) {
            throw new IOException(
                    "Cannot write " + file + ": " + failed.getMessage() + ". What it holds ends there.", failed);
        }
    }

    private void await() throws IOException {
        try {
            if (!writer.join(WRITE_WAIT_MAX)) {
                throw new IOException("Cannot write " + file + ": the disk did not take it within "
                        + WRITE_WAIT_MAX.toSeconds() + " s. What it holds ends there.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Cannot complete " + file + ": interrupted. What it holds ends there.", e);
        }
    }
}
