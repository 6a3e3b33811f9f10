package org.pgrehearse.chaos.network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs calls that know no timeout of their own on a virtual thread, whose blocked socket an interrupt frees. */
record Deadline(Duration limit) {
    /**
     * The call's answer. Whatever goes wrong is an {@link IOException} that begins with {@code what}.
     *
     * @param what such as {@code Cannot add toxic "a" to proxy "b"}
     */
    <T> T call(String what, Callable<T> call) throws IOException {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().name("toxiproxy call").start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new IOException(
                    what + ": no answer within " + limit.toMillis() + " ms. Check that the fault proxy runs.", e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(what + ": interrupted. Run it again.");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw failure(what, e.getCause() == null ? e : e.getCause());
        }
    }

    private static IOException failure(String what, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        // The client's own error path can fail, so its runtime exceptions are answers of the server too.
        return new IOException(what + ": " + cause.getMessage() + ". Check the fault proxy's state.", cause);
    }
}
