package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for the world, within a bound. */
final class Wait {
    private static final Duration POLL = Duration.ofMillis(20);

    private Wait() {}

    /** A question to the world; a failure counts as no. */
    @FunctionalInterface
    interface Question {
        boolean ask() throws IOException;
    }

    /** Asks until the answer is yes; false when that took too long. */
    static boolean until(Duration atMost, Question question) throws InterruptedIOException {
        long start = System.nanoTime();
        while (!yes(question)) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted =
                        new InterruptedIOException("interrupted while it waited. Run it again.");
                interrupted.initCause(e);
                throw interrupted;
            }
        }
        return true;
    }

    private static boolean yes(Question question) throws InterruptedIOException {
        try {
            return question.ask();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException no) {
            return false;
        }
    }
}
