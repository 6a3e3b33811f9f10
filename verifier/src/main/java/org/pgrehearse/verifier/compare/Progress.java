package org.pgrehearse.verifier.compare;

import java.time.Duration;
import java.util.Optional;

/** Told how far a comparison is, a few times a second at most and once at the end, by one thread at a time. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress NONE = state -> {};

    /** Called while the comparison waits: to be quick. */
    void update(State state);

    /**
     * How far a comparison is.
     *
     * @param rowsRead rows hashed so far, on both sides together
     * @param bytesRead bytes of the heaps behind these rows, on both sides together
     * @param bytesTotal bytes of all tables to be read; of tables not yet begun as the servers last estimated it
     * @param table the table that was worked on last, empty at first
     * @param tableShare how much of that table was read, from 0 to 1
     * @param paused why reading pauses; empty while it does not
     */
    record State(
            int tablesDone,
            int tablesTotal,
            long rowsRead,
            long bytesRead,
            long bytesTotal,
            String table,
            double tableShare,
            String paused,
            Duration elapsed) {
        private static final Duration SETTLED = Duration.ofSeconds(1);

        /** How long the rest will take if it goes on like this; empty while that cannot be told. */
        public Optional<Duration> remaining() {
            return bytesRead == 0 || elapsed.compareTo(SETTLED) < 0
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(
                            (long) (elapsed.toNanos() / (double) bytesRead * Math.max(0, bytesTotal - bytesRead))));
        }
    }
}
