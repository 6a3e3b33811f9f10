package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** Which side writes belonged to, and when that changed. A run begins with the source. */
final class Authority {
    private final List<Event.AuthorityMoved> moves;

    Authority(List<Event.AuthorityMoved> moves) {
        List<Event.AuthorityMoved> sorted = new ArrayList<>(moves);
        sorted.sort(Comparator.comparingLong(Event.AuthorityMoved::atNanos));
        this.moves = withoutRepeats(sorted);
    }

    /** The real changes in order of time: each names another side than the one before. */
    List<Event.AuthorityMoved> moves() {
        return moves;
    }

    Side at(long nanos) {
        Side side = Side.SOURCE;
        for (Event.AuthorityMoved move : moves) {
            if (move.atNanos() > nanos) {
                break;
            }
            side = move.side();
        }
        return side;
    }

    /** Whether a side was in charge at any moment of that time; an operation ran at one of them, nobody knows which. */
    boolean held(Side side, long fromNanos, long toNanos) {
        return at(fromNanos) == side
                || moves.stream()
                        .anyMatch(
                                move -> move.side() == side && move.atNanos() > fromNanos && move.atNanos() <= toNanos);
    }

    Side atEnd() {
        return at(Long.MAX_VALUE);
    }

    private static List<Event.AuthorityMoved> withoutRepeats(List<Event.AuthorityMoved> sorted) {
        List<Event.AuthorityMoved> changes = new ArrayList<>();
        Side side = Side.SOURCE;
        for (Event.AuthorityMoved move : sorted) {
            if (move.side() != side) {
                changes.add(move);
                side = move.side();
            }
        }
        return List.copyOf(changes);
    }
}
