package org.pgrehearse.scenarios.migration;

/**
 * A step could not find out what it was asked for, so that nothing is proven and nothing is refuted: the run goes no
 * further and is inconclusive. The message says what, where, and what to do next.
 */
public final class StepUndecided extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A doubt that no other exception caused. */
    public StepUndecided(String message) {
        super(message);
    }

    /** A doubt with its cause. */
    public StepUndecided(String message, Throwable cause) {
        super(message, cause);
    }
}
