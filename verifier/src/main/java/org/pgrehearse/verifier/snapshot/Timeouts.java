package org.pgrehearse.verifier.snapshot;

import java.time.Duration;
import java.util.List;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * How long the verifier's statements may take, set on every connection, and how long its snapshots live.
 *
 * @param statement one statement on a server
 * @param lock waiting for one lock
 * @param idle a connection that waits for its next statement
 * @param snapshot holding a snapshot, which keeps the server from removing dead rows; nothing is begun after that
 */
public record Timeouts(Duration statement, Duration lock, Duration idle, Duration snapshot) {
    public Timeouts {
        for (Duration timeout : List.of(statement, lock, idle, snapshot)) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new InvalidInputException(
                        "Cannot use a timeout that is not above zero: PostgreSQL would read it as none."
                                + " Write one, such as 30s.");
            }
        }
    }

    /** An hour for a statement, ten seconds for a lock, two hours idle, a snapshot held for twelve hours. */
    public static Timeouts defaults() {
        return new Timeouts(Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofHours(12));
    }
}
