package org.pgrehearse.verifier.snapshot;

import java.time.Duration;

/**
 * How long the verifier's statements may take, set on every connection.
 *
 * @param statement one statement on a server
 * @param lock waiting for one lock
 * @param idle a connection that waits for its next statement
 */
public record Timeouts(Duration statement, Duration lock, Duration idle) {
    public Timeouts {
        if (statement.isNegative() || lock.isNegative() || idle.isNegative()) {
            throw new IllegalArgumentException("a timeout cannot be negative");
        }
        if (statement.isZero() || lock.isZero() || idle.isZero()) {
            throw new IllegalArgumentException("a timeout cannot be zero: PostgreSQL would read it as none");
        }
    }

    /** An hour for a statement, ten seconds for a lock, two hours idle. */
    public static Timeouts defaults() {
        return new Timeouts(Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofHours(2));
    }
}
