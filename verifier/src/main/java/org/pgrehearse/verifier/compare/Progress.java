package org.pgrehearse.verifier.compare;

import java.time.Duration;

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
     * @param table the table that was worked on last, empty at first
     */
    record State(int tablesDone, int tablesTotal, long rowsRead, String table, Duration elapsed) {}
}
