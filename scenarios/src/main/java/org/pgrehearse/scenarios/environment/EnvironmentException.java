package org.pgrehearse.scenarios.environment;

import org.jspecify.annotations.Nullable;

/** A server, or what it needs, could not be had: a fact about the machine, not about the migration. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says what cannot be done, the fact, and the next step. */
    public EnvironmentException(String message) {
        this(message, null);
    }

    /** As above, with the cause. */
    public EnvironmentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
