package org.pgrehearse.reports.anomaly;

import java.util.List;

/**
 * What recorded transactions reveal about isolation and sessions. Immutable.
 *
 * @param transactions how many were recorded
 * @param committed how many of them certainly took effect: acknowledged, or read by another
 * @param reads reads that could be placed in the order of their key's versions
 * @param found one entry for each anomaly, forbidden ones and allowed ones apart; none with a count of 0
 * @param greatestStalenessNanos how long before the stalest read began the write that it missed was acknowledged
 * @param doubt why finding nothing proves less than it seems; empty when it does not
 */
public record Anomalies(
        long transactions, long committed, long reads, List<Found> found, long greatestStalenessNanos, String doubt) {
    public Anomalies {
        found = List.copyOf(found);
    }

    /** What a run without recorded transactions reveals. */
    public static Anomalies none() {
        return new Anomalies(0, 0, 0, List.of(), 0, "no transaction was recorded for the checks of isolation");
    }

    /** How many were found that the levels the transactions asked for exclude. */
    public long forbidden() {
        return found.stream()
                .filter(each -> each.forbidden() && !each.anomaly().ofSessions())
                .mapToLong(Found::count)
                .sum();
    }

    /** How many were found that those levels allow. */
    public long allowed() {
        return found.stream()
                .filter(each -> !each.forbidden())
                .mapToLong(Found::count)
                .sum();
    }

    /** How many were found of one anomaly and not allowed. */
    public long forbidden(Anomaly anomaly) {
        return found.stream()
                .filter(each -> each.forbidden() && each.anomaly() == anomaly)
                .mapToLong(Found::count)
                .sum();
    }

    /** How often a session's own guarantees were broken; stale reads are no session's and not counted. */
    public long sessionViolations() {
        return found.stream()
                .filter(each -> each.anomaly().ofSessions() && each.anomaly() != Anomaly.STALE_READ)
                .mapToLong(Found::count)
                .sum();
    }

    /**
     * One anomaly.
     *
     * @param forbidden whether the isolation of all transactions that take part excludes it
     * @param count reads, or for cycles: groups of transactions that wait for each other in a circle
     * @param baseline how many of them were over before the migration began, in the warm-up
     * @param cases the first, the worst and the last of them, each once
     */
    public record Found(Anomaly anomaly, boolean forbidden, long count, long baseline, List<Case> cases) {
        public Found {
            cases = List.copyOf(cases);
        }
    }

    /**
     * One proven case.
     *
     * @param which {@code first}, {@code worst} or {@code last}
     * @param fromNanos when the earliest transaction in it began
     * @param untilNanos when the latest transaction in it ended
     */
    public record Case(String which, long fromNanos, long untilNanos, String text) {}
}
