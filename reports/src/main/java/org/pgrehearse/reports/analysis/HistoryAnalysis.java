package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;

/** Judges every write against the ledgers: one walk over the attempts, then one for each change of authority. */
final class HistoryAnalysis {
    private final Attempts attempts;
    private final Tracks tracks;
    private final Authority authority;
    private final Fences fences;
    private final StoryTeller teller;
    private final Side here;
    private final Side there;
    private final String doubtHere;
    private final String doubtThere;
    private final LossBook lost;
    private final Evidence lostUnknown;
    private final Evidence duplicated;
    private final Evidence resurrected;
    private final Evidence unresolved;
    private final LeakBook leaked;
    private final Evidence staleReads;
    private final DeleteAnalysis deletes;
    private long writes;
    private long resolvedCommitted;
    private long resolvedAborted;

    HistoryAnalysis(
            Attempts attempts,
            Tracks tracks,
            Authority authority,
            Fences fences,
            Replication replication,
            DeleteBook deletes,
            StoryTeller teller) {
        this.attempts = attempts;
        this.tracks = tracks;
        this.authority = authority;
        this.fences = fences;
        this.teller = teller;
        here = authority.atEnd();
        there = here == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        doubtHere = tracks.ledger(here).doubt();
        doubtThere = otherSidePlayed() ? tracks.ledger(there).doubt() : "";
        lost = new LossBook(attempts, tracks, replication);
        lostUnknown = new Evidence("lost-unknown", attempts);
        duplicated = new Evidence("duplicated", attempts);
        resurrected = new Evidence("resurrected", attempts);
        unresolved = new Evidence("unresolved", attempts);
        leaked = new LeakBook(attempts);
        staleReads = new Evidence("stale-read", attempts);
        this.deletes = new DeleteAnalysis(deletes, attempts, tracks, here);
    }

    /** Which attempts were acknowledged and lost; known after {@link #history}. */
    BitSet lostAttempts() {
        return lost.attempts();
    }

    History history() {
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.write(i)) {
                judgeWrite(i);
            } else {
                judgeRead(i);
            }
        }
        SplitBrain splitBrain = new SplitBrainSearch(attempts, tracks, authority, teller).search();
        Deletes deleted = deletes.judge(i -> !tracks.repeated(i) && lost.holds(i, here));
        return new History(
                writes,
                lost.losses(),
                lostUnknown.count(),
                duplicated.count(),
                resurrected.count(),
                unresolved.count(),
                resolvedCommitted,
                resolvedAborted,
                leaked.leaks(),
                !fences.isEmpty(),
                staleReads.count(),
                deleted,
                splitBrain,
                stories(splitBrain),
                doubtHere.isEmpty() ? doubtThere : doubtHere,
                strangers());
    }

    private void judgeWrite(int i) {
        writes++;
        if (tracks.repeated(i)) {
            return;
        }
        int countHere = tracks.count(i, here);
        int countThere = tracks.count(i, there);
        switch (attempts.outcome(i)) {
            case ACKNOWLEDGED -> judgeAcknowledged(i);
            case FAILED -> {
                if (countHere + countThere > 0) {
                    resurrected.add(i, attempts.started(i));
                }
            }
            case UNKNOWN -> judgeUnknown(i, countHere, countThere);
        }
        if (countHere > 1 || countThere > 1) {
            duplicated.add(i, Math.max(countHere, countThere));
        }
        Side executedOn = tracks.executedOn(i);
        if (executedOn != null) {
            long fencedFor = fences.fencedFor(executedOn, attempts.started(i), attempts.ended(i));
            if (fencedFor > 0) {
                leaked.add(i, executedOn, fencedFor);
            }
        }
    }

    private void judgeAcknowledged(int i) {
        if (doubtHere.isEmpty() && !lost.holds(i, here)) {
            lost.add(i, here, there, doubtThere.isEmpty());
        }
    }

    private void judgeUnknown(int i, int countHere, int countThere) {
        if (countHere > 0) {
            resolvedCommitted++;
        } else if (!doubtHere.isEmpty()) {
            unresolved.add(i, attempts.started(i));
        } else if (countThere > 0) {
            lostUnknown.add(i, tracks.lsn(i));
        } else if (doubtThere.isEmpty()) {
            resolvedAborted++;
        } else {
            unresolved.add(i, attempts.started(i));
        }
    }

    private void judgeRead(int i) {
        Side side = attempts.side(i);
        if (attempts.acknowledged(i) && side != null && !authority.held(side, attempts.started(i), attempts.ended(i))) {
            staleReads.add(i, attempts.started(i));
        }
    }

    /** A migration inside one server has no other side, and then needs no second ledger. */
    private boolean otherSidePlayed() {
        if (!authority.moves().isEmpty() || tracks.ledger(there).mentioned()) {
            return true;
        }
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.side(i) == there) {
                return true;
            }
        }
        return false;
    }

    private List<Story> stories(@Nullable SplitBrain splitBrain) {
        List<Story> all = new ArrayList<>(Stream.of(
                        lost.evidence(),
                        lostUnknown,
                        duplicated,
                        resurrected,
                        leaked.evidence(),
                        unresolved,
                        staleReads)
                .flatMap(evidence -> evidence.stories(teller::tell).stream())
                .toList());
        all.addAll(deletes.stories(teller));
        if (splitBrain != null) {
            all.add(splitBrain.newSide());
            all.add(splitBrain.oldSide());
        }
        return all;
    }

    private String strangers() {
        if (tracks.unaccountedRows() > 0) {
            return Words.count(tracks.unaccountedRows(), "ledger row belongs", "ledger rows belong")
                    + " to no recorded operation (one has token " + tracks.unaccountedToken()
                    + "): the recording misses operations that ran";
        }
        return tracks.repeatedTokens() == 0
                ? ""
                : Words.count(tracks.repeatedTokens(), "recorded write carries", "recorded writes carry")
                        + " a token that another one carries: their fate cannot be told apart";
    }
}
