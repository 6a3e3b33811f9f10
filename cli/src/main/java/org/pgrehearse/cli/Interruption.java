package org.pgrehearse.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when a signal ends the JVM: the working thread is interrupted, and the JVM waits for it,
 * within a bound. The exit code is then the JVM's own: 130 or 143.
 */
final class Interruption implements AutoCloseable {
    private static final Duration ORDERLY_END_MAX = Duration.ofSeconds(90);

    private volatile Runnable stop = () -> {};
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignal, "orderly-end");

    /** Begins to listen for the end of the JVM. */
    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes what asks the work to stop; it is called on another thread. */
    void stopBy(Runnable work) {
        stop = work;
    }

    private void onSignal() {
        stop.run();
        try {
            if (!ended.await(ORDERLY_END_MAX.toSeconds(), TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt(); // nothing more can be done; the next run cleans up
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work has ended, and everything it wrote is written. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            Thread.onSpinWait(); // the JVM is ending: the hook has been told above
        }
    }
}
