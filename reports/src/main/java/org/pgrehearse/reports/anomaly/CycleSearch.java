package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Isolation;

/**
 * Looks for cycles and gives them their names. Every level is judged on its own: a cycle is forbidden when all of its
 * transactions asked for a level that excludes it, so the search is repeated among those of at least each level.
 */
final class CycleSearch {
    private final Transactions transactions;
    private final Dependencies graph;
    private boolean exhausted;

    CycleSearch(Transactions transactions, Dependencies graph) {
        this.transactions = transactions;
        this.graph = graph;
    }

    /** Adds what it finds to the cases of the transactions; call once. */
    void search() {
        Set<Isolation> levels = EnumSet.noneOf(Isolation.class);
        for (int node = 0; node < graph.nodes(); node++) {
            levels.add(transactions.isolation(node));
        }
        Isolation before = null;
        for (Isolation level : levels) {
            search(level, before);
            before = level;
        }
    }

    /** Whether a bound on the work was met, so that a cycle may have been missed. */
    boolean exhausted() {
        return exhausted;
    }

    /** What the level before forbids was found among all of its transactions already, these included. */
    private void search(Isolation level, @Nullable Isolation before) {
        int[] local = new int[graph.nodes()];
        boolean weakest = before == null;
        if (weakest) {
            for (int[] members : circles(level, Dependencies.WW, local)) {
                CircleWalk walk = new CircleWalk(graph, members, local);
                walk.shortest(Dependencies.WW, Dependencies.WW, CircleWalk.Form.NO_FURTHER_RW, cycle -> true)
                        .ifPresent(cycle -> found(Anomaly.G0, cycle, level));
                exhausted |= walk.exhausted();
            }
            for (int[] members : circles(level, Dependencies.WR, local)) {
                CircleWalk walk = new CircleWalk(graph, members, local);
                walk.shortest(Dependencies.WR, Dependencies.WR, CircleWalk.Form.NO_FURTHER_RW, cycle -> true)
                        .ifPresent(cycle -> found(Anomaly.G1C, cycle, level));
                exhausted |= walk.exhausted();
            }
        }
        for (int[] members : circles(level, Dependencies.RW, local)) {
            antiDependencies(members, local, level, before);
        }
    }

    private void antiDependencies(int[] members, int[] local, Isolation level, @Nullable Isolation before) {
        boolean known = before != null && Anomaly.G_SINGLE.forbiddenBy(before);
        if (!known) {
            CircleWalk skew = new CircleWalk(graph, members, local);
            skew.shortest(Dependencies.RW, Dependencies.WR, CircleWalk.Form.NO_FURTHER_RW, cycle -> !lostUpdate(cycle))
                    .ifPresent(cycle -> found(Anomaly.G_SINGLE, cycle, level));
            CircleWalk fork = new CircleWalk(graph, members, local);
            fork.shortest(Dependencies.RW, Dependencies.RW, CircleWalk.Form.NO_RW_IN_A_ROW, cycle -> !cycle.rwInARow())
                    .ifPresent(
                            cycle -> found(longFork(cycle) ? Anomaly.LONG_FORK : Anomaly.G_NONADJACENT, cycle, level));
            exhausted |= Anomaly.G_SINGLE.forbiddenBy(level) && (skew.exhausted() || fork.exhausted());
        }
        CircleWalk walk = new CircleWalk(graph, members, local);
        Optional<Cycle> skew =
                walk.shortest(Dependencies.RW, Dependencies.RW, CircleWalk.Form.FURTHER_RW, Cycle::rwInARow);
        skew.ifPresent(cycle -> found(Anomaly.G2_ITEM, cycle, level));
        exhausted |= Anomaly.G2_ITEM.forbiddenBy(level) && walk.exhausted();
    }

    private int[][] circles(Isolation level, int kindMax, int[] local) {
        int[][] circles =
                new Components(graph, node -> transactions.isolation(node).compareTo(level) >= 0, kindMax).circles();
        Arrays.fill(local, -1);
        for (int[] members : circles) {
            for (int place = 0; place < members.length; place++) {
                local[members[place]] = place;
            }
        }
        return circles;
    }

    /** An anti-dependency and overwrites of one key alone: already told as a lost update. */
    private boolean lostUpdate(Cycle cycle) {
        if (cycle.count(Dependencies.WR) > 0) {
            return false;
        }
        int key = transactions.writeKey(graph.write(cycle.edge(0)));
        for (int place = 1; place < cycle.length(); place++) {
            if (transactions.writeKey(graph.write(cycle.edge(place))) != key) {
                return false;
            }
        }
        return true;
    }

    /** Two readers that write nothing, two writers, and each reader saw the other one of the two. */
    private boolean longFork(Cycle cycle) {
        if (cycle.length() != 4 || cycle.count(Dependencies.RW) != 2 || cycle.count(Dependencies.WR) != 2) {
            return false;
        }
        for (int place = 0; place < cycle.length(); place++) {
            int node = cycle.node(place);
            boolean reader = cycle.kind(place) == Dependencies.RW;
            if (reader && transactions.writesStart(node) != transactions.writesEnd(node)) {
                return false;
            }
        }
        return true;
    }

    private void found(Anomaly anomaly, Cycle cycle, Isolation searched) {
        boolean forbidden = anomaly.forbiddenBy(searched);
        long from = Long.MAX_VALUE;
        long until = 0;
        for (int place = 0; place < cycle.length(); place++) {
            from = Math.min(from, transactions.started(cycle.node(place)));
            until = Math.max(until, transactions.ended(cycle.node(place)));
        }
        transactions.cases.add(anomaly, forbidden, from, until, cycle.length(), () -> told(cycle));
    }

    private String told(Cycle cycle) {
        StringBuilder text = new StringBuilder();
        for (int place = 0; place < cycle.length(); place++) {
            int edge = cycle.edge(place);
            int write = graph.write(edge);
            String key = transactions.keyName(transactions.writeKey(write));
            String one = place == 0 ? transactions.told(cycle.node(0)) : "T" + (cycle.node(place) + 1);
            boolean last = place == cycle.length() - 1;
            String other = last ? "T" + (cycle.node(0) + 1) : transactions.told(cycle.node(place + 1));
            long value = transactions.writeValue(write);
            text.append(place == 0 ? "" : "; ").append(one);
            text.append(
                    switch (graph.kind(edge)) {
                        case Dependencies.WW ->
                            " wrote " + key + " before " + other + " wrote its value " + value + " over it (ww)";
                        case Dependencies.WR ->
                            " wrote value " + value + " of " + key + ", which " + other + " read (wr)";
                        default ->
                            " read " + key + " without value " + value + ", which " + other
                                    + " wrote right after what it saw (rw)"; // RW, the only other kind
                    });
        }
        return text.append(": each had to come before the next, and the last before the first")
                .toString();
    }
}
