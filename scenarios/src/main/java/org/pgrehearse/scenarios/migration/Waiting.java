package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for a condition on a server, with a deadline and without missing an interrupt. */
final class Waiting {
    private static final long POLL_MILLIS = 20;

    private Waiting() {}

    /** A question to a server. */
    @FunctionalInterface
    interface Question<T> {
        Optional<T> ask() throws SQLException, StepFailed, InterruptedException;
    }

    /**
     * Asks until there is an answer.
     *
     * @param what completes the sentence "… did not happen within 5 s"
     * @throws StepFailed when the deadline passes first
     */
    static <T> T until(Rig rig, Duration deadline, String what, Question<T> question)
            throws SQLException, StepFailed, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            rig.checkpoint();
            Optional<T> answer = question.ask();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new StepFailed(what + " did not happen within " + deadline.toMillis() + " ms. Give the step a"
                        + " longer deadline, or look at the servers' logs in the run's folder.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Waits a while, noticing an interrupt or a dead server. */
    static void pause(Rig rig, Duration length) throws StepFailed, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < length.toNanos()) {
            rig.checkpoint();
            TimeUnit.MILLISECONDS.sleep(Math.clamp(
                    TimeUnit.NANOSECONDS.toMillis(length.toNanos() - (System.nanoTime() - start)), 1, POLL_MILLIS));
        }
    }
}
