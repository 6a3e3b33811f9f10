package org.pgrehearse.verifier.live;

import java.time.Duration;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * The bounds of a comparison under replication.
 *
 * @param patience how long to wait for a slot, and for the target to have applied what the source's snapshot shows
 * @param rounds how many pairs of snapshots to compare at most
 */
public record LiveOptions(Duration patience, int rounds) {
    private static final Duration WAIT_DEFAULT = Duration.ofMinutes(1);
    private static final Duration WAIT_MAX = Duration.ofHours(1);
    private static final int ROUNDS_DEFAULT = 3;
    private static final int ROUNDS_MAX = 100;

    public LiveOptions {
        if (patience.isNegative() || patience.isZero() || patience.compareTo(WAIT_MAX) > 0) {
            throw new InvalidInputException("Cannot wait " + patience.toMillis()
                    + " ms for replication: it is not between 1 ms and 1 h. Write such a time.");
        }
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw new InvalidInputException("Cannot compare in " + rounds + " rounds: it is not between 1 and "
                    + ROUNDS_MAX + ". Write such a number.");
        }
    }

    /** Three rounds, each waiting a minute at most. */
    public static LiveOptions defaults() {
        return new LiveOptions(WAIT_DEFAULT, ROUNDS_DEFAULT);
    }
}
