package org.pgrehearse.verifier.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/** Runs pieces of work side by side and waits for all of them. */
public final class Parallel {
    private final ExecutorService executor;

    /** Runs them on an executor that gives every piece a thread: pieces may wait for each other. */
    public Parallel(ExecutorService executor) {
        this.executor = executor;
    }

    /** The results in the order of the pieces; the first failure once all have ended. */
    public <T> List<T> all(List<? extends Callable<T>> pieces) throws ReadFailedException, InterruptedException {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> piece : pieces) {
            futures.add(executor.submit(piece));
        }
        List<T> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            } catch (InterruptedException e) {
                futures.forEach(running -> running.cancel(true));
                throw e;
            }
        }
        rethrow(failure);
        return results;
    }

    private static void rethrow(@Nullable Throwable failure) throws ReadFailedException, InterruptedException {
        switch (failure) {
            case null -> {}
            case ReadFailedException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
