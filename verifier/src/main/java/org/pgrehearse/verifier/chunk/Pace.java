package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * How gently a comparison reads.
 *
 * @param chunkTime how long one statement over a chunk should take; chunks grow and shrink towards it
 * @param lagMax reading pauses while a standby or subscriber of either server is further behind; empty for no limit
 * @param loadMax reading pauses while either server runs more statements of other clients; empty for no limit
 */
public record Pace(Duration chunkTime, Optional<Duration> lagMax, OptionalInt loadMax) {
    private static final Duration CHUNK_TIME_MIN = Duration.ofMillis(10);
    private static final Duration CHUNK_TIME_MAX = Duration.ofMinutes(10);

    public Pace {
        if (chunkTime.compareTo(CHUNK_TIME_MIN) < 0 || chunkTime.compareTo(CHUNK_TIME_MAX) > 0) {
            throw new InvalidInputException("Cannot use a chunk time of " + chunkTime.toMillis()
                    + " ms: it is not between 10 ms and 10 minutes. Write such a time.");
        }
        if (lagMax.isPresent() && (lagMax.get().isNegative() || lagMax.get().isZero())) {
            throw new InvalidInputException("Cannot use a maximal lag that is not above zero. Write one, such as 10s.");
        }
        if (loadMax.isPresent() && loadMax.getAsInt() < 0) {
            throw new InvalidInputException(
                    "Cannot use a negative number of statements as the maximal load. Write one, such as 25.");
        }
    }

    /** Chunks of a second, and no look at lag or load. */
    public static Pace defaults() {
        return new Pace(Duration.ofSeconds(1), Optional.empty(), OptionalInt.empty());
    }

    /** Whether anything has to be looked at before a chunk is read. */
    boolean limited() {
        return lagMax.isPresent() || loadMax.isPresent();
    }
}
