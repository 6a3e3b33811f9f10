package org.pgrehearse.reports.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/**
 * Looks for a write on the old side that started after the new side had acknowledged one. Old and new come from each
 * change of authority; only the time from the change before it to the change after it counts, so that a way back is no
 * split brain, nor is a write that waited for it and was executed after it. Without any change the source is the old
 * side for the whole run.
 */
final class SplitBrainSearch {
    private static final int NONE = -1;

    private final Attempts attempts;
    private final Tracks tracks;
    private final List<Event.AuthorityMoved> moves;
    private final StoryTeller teller;

    SplitBrainSearch(Attempts attempts, Tracks tracks, Authority authority, StoryTeller teller) {
        this.attempts = attempts;
        this.tracks = tracks;
        this.moves = authority.moves();
        this.teller = teller;
    }

    @Nullable
    SplitBrain search() {
        if (moves.isEmpty()) {
            return around(Side.TARGET, 0, Long.MAX_VALUE);
        }
        for (int i = 0; i < moves.size(); i++) {
            long from = i == 0 ? 0 : moves.get(i - 1).atNanos();
            long until =
                    i == moves.size() - 1 ? Long.MAX_VALUE : moves.get(i + 1).atNanos();
            SplitBrain found = around(moves.get(i).side(), from, until);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable SplitBrain around(Side newSide, long from, long until) {
        int firstAck = firstAcknowledged(newSide, from, until);
        if (firstAck == NONE) {
            return null;
        }
        long ack = attempts.ended(firstAck);
        long writes = 0;
        int last = NONE;
        for (int i = 0; i < attempts.size(); i++) {
            Side side = attempts.write(i) ? tracks.executedOn(i) : null;
            if (side != null && side != newSide && attempts.started(i) > ack && attempts.ended(i) < until) {
                writes++;
                last = last == NONE || attempts.ended(i) > attempts.ended(last) ? i : last;
            }
        }
        return last == NONE
                ? null
                : new SplitBrain(writes, ack, attempts.ended(last), story(firstAck, "first"), story(last, "last"));
    }

    private int firstAcknowledged(Side side, long from, long until) {
        int first = NONE;
        for (int i = 0; i < attempts.size(); i++) {
            boolean counts = attempts.write(i)
                    && attempts.acknowledged(i)
                    && attempts.side(i) == side
                    && attempts.started(i) >= from
                    && attempts.started(i) < until;
            if (counts && (first == NONE || attempts.ended(i) < attempts.ended(first))) {
                first = i;
            }
        }
        return first;
    }

    private Story story(int attempt, String which) {
        return new Story(
                "split-brain", which, attempts.token(attempt), attempts.started(attempt), teller.tell(attempt));
    }
}
