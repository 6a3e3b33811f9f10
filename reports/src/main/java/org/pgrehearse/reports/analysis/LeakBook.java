package org.pgrehearse.reports.analysis;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;

/** Writes past a fence, counted by role, pool and session. Not safe for use by many threads. */
final class LeakBook {
    /** Sessions told apart within one way; beyond it, writes count as those of a session that was not told. */
    static final int SESSIONS_MAX = 10_000;

    private static final int UNTOLD = 0;

    private final Attempts attempts;
    private final Evidence evidence;
    private final Map<Way, Tally> ways = new HashMap<>();

    LeakBook(Attempts attempts) {
        this.attempts = attempts;
        evidence = new Evidence("leaked", attempts);
    }

    /** Takes a write in that started on a side so long after its fence. */
    void add(int attempt, Side side, long fencedForNanos) {
        evidence.add(attempt, fencedForNanos);
        ways.computeIfAbsent(new Way(side, attempts.role(attempt), attempts.pool(attempt)), way -> new Tally())
                .add(attempts.backend(attempt), attempts.started(attempt), fencedForNanos);
    }

    Evidence evidence() {
        return evidence;
    }

    /** Each way past a fence, the one with the most writes first. */
    List<Leak> leaks() {
        return ways.entrySet().stream()
                .map(each -> each.getValue().leak(each.getKey()))
                .sorted(Comparator.comparingLong(Leak::writes)
                        .reversed()
                        .thenComparing(Leak::pool)
                        .thenComparing(Leak::role)
                        .thenComparing(Leak::side))
                .toList();
    }

    private record Way(Side side, String role, String pool) {}

    /** What went one way. */
    private static final class Tally {
        private final Map<Integer, Long> sessions = new HashMap<>();
        private long writes;
        private long first = Long.MAX_VALUE;
        private long last;
        private long worst;

        void add(int backend, long started, long fencedFor) {
            writes++;
            boolean kept = sessions.containsKey(backend) || sessions.size() < SESSIONS_MAX;
            sessions.merge(kept ? backend : UNTOLD, 1L, Long::sum);
            first = Math.min(first, started);
            last = Math.max(last, started);
            worst = Math.max(worst, fencedFor);
        }

        Leak leak(Way way) {
            List<Leak.Session> busiest = sessions.entrySet().stream()
                    .map(each -> new Leak.Session(each.getKey(), each.getValue()))
                    .sorted(Comparator.comparingLong(Leak.Session::writes)
                            .reversed()
                            .thenComparingInt(Leak.Session::backend))
                    .limit(Leak.SESSIONS_LISTED_MAX)
                    .toList();
            return new Leak(way.side(), way.role(), way.pool(), writes, sessions.size(), busiest, first, last, worst);
        }
    }
}
