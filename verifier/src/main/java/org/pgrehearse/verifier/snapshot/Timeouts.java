package org.pgrehearse.verifier.snapshot;

import java.time.Duration;
import java.util.List;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * How long the verifier's statements may take, set on every connection, how long its snapshots live, and how long it
 * waits for a server that was lost.
 *
 * @param statement one statement on a server
 * @param lock waiting for one lock
 * @param idle a connection that waits for its next statement
 * @param snapshot holding a snapshot, which keeps the server from removing dead rows; nothing is begun after that
 * @param reconnect waiting for a server that was lost; zero for not at all
 */
public record Timeouts(Duration statement, Duration lock, Duration idle, Duration snapshot, Duration reconnect) {
    public Timeouts {
        for (Duration timeout : List.of(statement, lock, idle, snapshot)) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new InvalidInputException(
                        "Cannot use a timeout that is not above zero: PostgreSQL would read it as none."
                                + " Write one, such as 30s.");
            }
        }
        if (reconnect.isNegative()) {
            throw new InvalidInputException("Cannot wait a negative time for a server that was lost. Write one, such as"
                    + " 1m, or 0s for not at all.");
        }
    }

    /** The same with another time to wait for a server that was lost. */
    public Timeouts withReconnect(Duration time) {
        return new Timeouts(statement, lock, idle, snapshot, time);
    }

    /**
     * An hour for a statement, ten seconds for a lock, two hours idle, a snapshot held for twelve hours, and no wait
     * for a server that was lost.
     */
    public static Timeouts defaults() {
        return new Timeouts(
                Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofHours(12), Duration.ZERO);
    }
}
