package org.pgrehearse.reports.analysis;

import java.util.BitSet;
import org.pgrehearse.reports.journal.Side;

/** Sorts acknowledged writes that were lost by what became of them. Not safe for use by many threads. */
final class LossBook {
    private final Attempts attempts;
    private final Tracks tracks;
    private final Replication replication;
    private final Evidence evidence;
    private final BitSet lost = new BitSet();
    private long stranded;
    private long overwritten;
    private long vanished;
    private long unplaced;
    private long neverReplicated;
    private long beforeApplied;

    LossBook(Attempts attempts, Tracks tracks, Replication replication) {
        this.attempts = attempts;
        this.tracks = tracks;
        this.replication = replication;
        evidence = new Evidence("lost", attempts);
    }

    /**
     * Takes an acknowledged write that the authoritative side does not hold.
     *
     * @param otherSideKnown whether the other side's ledger was read, so that a row's absence in it means something
     */
    void add(int attempt, Side here, Side there, boolean otherSideKnown) {
        evidence.add(attempt, replication.position(attempt));
        lost.set(attempt);
        if (tracks.count(attempt, here) > 0) {
            overwritten++;
        } else if (tracks.count(attempt, there) > 0) {
            stranded++;
        } else if (otherSideKnown) {
            vanished++;
        } else {
            unplaced++;
        }
        switch (replication.reach(attempt)) {
            case BEYOND -> neverReplicated++;
            case WITHIN -> beforeApplied++;
            case UNTOLD -> {}
        }
    }

    /** Whether the side holds the acknowledged write itself, not only a row that carries its token. */
    boolean holds(int attempt, Side side) {
        return tracks.count(attempt, side) > 0 && !(attempts.acknowledged(attempt) && tracks.foreign(attempt, side));
    }

    Losses losses() {
        return new Losses(stranded, overwritten, vanished, unplaced, neverReplicated, beforeApplied);
    }

    BitSet attempts() {
        return lost;
    }

    Evidence evidence() {
        return evidence;
    }
}
