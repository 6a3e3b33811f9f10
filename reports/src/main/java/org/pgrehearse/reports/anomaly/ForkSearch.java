package org.pgrehearse.reports.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * Looks for keys that both sides acknowledged writes of after a switch. A switch counts until the next one: a way back
 * is no fork. A transaction counts when it ran wholly in that time.
 */
final class ForkSearch {
    private static final int NONE = -1;

    private final Transactions transactions;
    private final int[] oldWrite;
    private final int[] newWrite;
    private final int[] oldCount;
    private final int[] newCount;
    private final boolean[] forked;
    private final List<Anomalies.Case> told = new ArrayList<>();
    private long writes;
    private long oldSideWrites;
    private long newSideWrites;

    ForkSearch(Transactions transactions) {
        this.transactions = transactions;
        oldWrite = new int[transactions.keys()];
        newWrite = new int[transactions.keys()];
        oldCount = new int[transactions.keys()];
        newCount = new int[transactions.keys()];
        forked = new boolean[transactions.keys()];
    }

    /**
     * Searches after each switch.
     *
     * @param moves real changes of authority, in order of time
     */
    Forks search(List<Event.AuthorityMoved> moves) {
        for (int i = 0; i < moves.size(); i++) {
            long until = i + 1 < moves.size() ? moves.get(i + 1).atNanos() : Long.MAX_VALUE;
            after(moves.get(i), until);
        }
        told.sort(Comparator.comparingLong(Anomalies.Case::fromNanos));
        long keys = IntStream.range(0, forked.length).filter(key -> forked[key]).count();
        return new Forks(
                writes,
                keys,
                oldSideWrites,
                newSideWrites,
                told.stream().limit(Forks.CASES_MAX).toList());
    }

    private void after(Event.AuthorityMoved move, long until) {
        Arrays.fill(oldWrite, NONE);
        Arrays.fill(newWrite, NONE);
        Arrays.fill(oldCount, 0);
        Arrays.fill(newCount, 0);
        for (int write = 0; write < transactions.writes(); write++) {
            int writer = transactions.writer(write);
            Side side = transactions.side(writer);
            boolean counts = side != null
                    && transactions.outcome(writer) == Outcome.ACKNOWLEDGED
                    && transactions.started(writer) > move.atNanos()
                    && transactions.ended(writer) < until;
            if (counts) {
                writes++;
                count(write, side == move.side());
            }
        }
        for (int key = 0; key < forked.length; key++) {
            if (oldWrite[key] != NONE && newWrite[key] != NONE) {
                fork(key);
            }
        }
    }

    private void count(int write, boolean onNewSide) {
        int key = transactions.writeKey(write);
        int[] first = onNewSide ? newWrite : oldWrite;
        (onNewSide ? newCount : oldCount)[key]++;
        if (first[key] == NONE) {
            first[key] = write;
        }
    }

    private void fork(int key) {
        forked[key] = true;
        oldSideWrites += oldCount[key];
        newSideWrites += newCount[key];
        int one = transactions.writer(oldWrite[key]);
        int other = transactions.writer(newWrite[key]);
        long from = Math.min(transactions.started(one), transactions.started(other));
        long end = Math.max(transactions.ended(one), transactions.ended(other));
        told.add(new Anomalies.Case(
                "early",
                from,
                end,
                transactions.keyName(key) + ": the old side acknowledged " + oldCount[key] + " of its writes, first "
                        + transactions.told(one) + ", the new one " + newCount[key] + ", first "
                        + transactions.told(other)));
        if (told.size() > 2 * Forks.CASES_MAX) {
            told.sort(Comparator.comparingLong(Anomalies.Case::fromNanos));
            told.subList(Forks.CASES_MAX, told.size()).clear();
        }
    }
}
