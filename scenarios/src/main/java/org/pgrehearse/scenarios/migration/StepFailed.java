package org.pgrehearse.scenarios.migration;

/** A step of the runbook could not do what it is for. The message says what, where, and what to do next. */
public final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /** A failure that no other exception caused. */
    public StepFailed(String message) {
        super(message);
    }

    /** A failure with its cause. */
    public StepFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
