package org.pgrehearse.reports.analysis;

import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** How far the target had followed the source when authority moved to it, held against what was written there. */
final class Replication {
    /** Where a write lies, seen from what the target had applied. */
    enum Reach {
        /** Written beyond it: certainly never replicated before the move. */
        BEYOND,
        /** Written before it. The position is a lower bound of the commit, so that this alone proves nothing. */
        WITHIN,
        /** Not written on the source, or nobody told a position. */
        UNTOLD
    }

    private final Attempts attempts;
    private final Tracks tracks;
    private final AppliedPositions applied;
    private final int reading;

    Replication(Attempts attempts, Tracks tracks, Authority authority, AppliedPositions applied) {
        this.attempts = attempts;
        this.tracks = tracks;
        this.applied = applied;
        long moved = authority.moves().stream()
                .filter(move -> move.side() == Side.TARGET)
                .mapToLong(Event.AuthorityMoved::atNanos)
                .max()
                .orElse(Long.MAX_VALUE);
        reading = applied.lastUntil(moved);
    }

    Reach reach(int attempt) {
        long lsn = position(attempt);
        if (lsn == 0 || tracks.executedOn(attempt) != Side.SOURCE || reading == AppliedPositions.NONE) {
            return Reach.UNTOLD;
        }
        return new Lsn(lsn).compareTo(applied.position(reading)) > 0 ? Reach.BEYOND : Reach.WITHIN;
    }

    /** The write position as its own server told it, or else as a ledger holds it; 0 when nobody does. */
    long position(int attempt) {
        long told = attempts.acknowledged(attempt) ? attempts.lsn(attempt) : 0;
        return told == 0 ? tracks.lsn(attempt) : told;
    }

    /** The comparison in words; empty when there is none. */
    String told(int attempt) {
        Reach reach = reach(attempt);
        return switch (reach) {
            case UNTOLD -> "";
            case BEYOND, WITHIN ->
                (reach == Reach.BEYOND ? " > " : " <= ") + "last applied " + applied.position(reading) + " (read at "
                        + Words.instant(applied.time(reading)) + ")";
        };
    }
}
