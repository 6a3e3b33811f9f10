package org.pgrehearse.verifier.compare;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** The snapshots of both sides, opened at the same time. */
record SnapshotPair(Snapshot source, Snapshot target) implements AutoCloseable {

    static SnapshotPair open(VerifyOptions options, ExecutorService executor, LongSupplier nanos)
            throws CannotConnectException, InterruptedException {
        Future<Snapshot> target = executor.submit(() -> Snapshot.open(
                Side.TARGET, options.target(), options.targetSnapshot(), options.timeouts(), options.jobs(), nanos));
        try {
            Snapshot source = Snapshot.open(
                    Side.SOURCE, options.source(), options.sourceSnapshot(), options.timeouts(), options.jobs(), nanos);
            try {
                return new SnapshotPair(source, taken(target));
            } catch (CannotConnectException | InterruptedException | RuntimeException e) {
                source.close();
                throw e;
            }
        } catch (CannotConnectException e) {
            closeLate(target);
            throw e;
        }
    }

    private static Snapshot taken(Future<Snapshot> opening) throws CannotConnectException, InterruptedException {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case CannotConnectException cannot -> throw cannot;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** The other side cannot be reached, so this one is not needed. */
    private static void closeLate(Future<Snapshot> opening) {
        try {
            taken(opening).close();
        } catch (CannotConnectException e) {
            // Neither side can be reached; the first one's reason is told.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The side that was lost while it was read; empty when none was. */
    Optional<Side> gone() {
        if (source.gone()) {
            return Optional.of(Side.SOURCE);
        }
        return target.gone() ? Optional.of(Side.TARGET) : Optional.empty();
    }

    /** Stops every running statement and cuts all connections. */
    void cancel() {
        source.cancel();
        target.cancel();
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
