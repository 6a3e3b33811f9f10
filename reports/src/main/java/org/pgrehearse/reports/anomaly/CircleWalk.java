package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for short cycles of one form inside one strongly connected component, breadth first. The work is bounded; when
 * the bound is met, {@link #exhausted} says so. Not safe for use by many threads.
 */
final class CircleWalk {
    private static final int EDGES_WALKED_MAX = 20_000_000;
    private static final int STATES = 4;
    private static final int AFTER_RW = 1;
    private static final int HAD_RW = 2;
    private static final int NONE = -1;

    /** What a cycle through a first edge may further consist of. */
    enum Form {
        /** Edges of the first one's kind or an earlier kind; read skew has no further {@code rw}. */
        NO_FURTHER_RW,
        /** At least one further {@code rw}, and no two in a row, the first edge included. */
        NO_RW_IN_A_ROW,
        /** At least one further {@code rw}, anywhere. */
        FURTHER_RW
    }

    private final Dependencies graph;
    private final int[] members;
    private final int[] local;
    private final int[] parentStates;
    private final int[] parentEdges;
    private final int[] queue;
    private final int[] stamps;
    private int stamp;
    private long walked;

    /**
     * A walk over one component.
     *
     * @param local for each node of the graph its place among the members; meaningless for others
     */
    CircleWalk(Dependencies graph, int[] members, int[] local) {
        this.graph = graph;
        this.members = members;
        this.local = local;
        int states = Math.multiplyExact(members.length, STATES);
        parentStates = new int[states];
        parentEdges = new int[states];
        queue = new int[states];
        stamps = new int[states];
    }

    /** Whether the bound on work was met, so that a cycle may have been missed. */
    boolean exhausted() {
        return walked >= EDGES_WALKED_MAX;
    }

    /** The shortest cycle that begins with an edge of this kind, whose other edges have at most {@code kindMax}. */
    Optional<Cycle> shortest(int firstKind, int kindMax, Form form, Predicate<Cycle> fits) {
        @Nullable Cycle best = null;
        for (int member : members) {
            for (int edge = graph.first(member); edge < graph.first(member + 1); edge++) {
                if (graph.kind(edge) != firstKind || !inside(graph.end(edge)) || exhausted()) {
                    continue;
                }
                Cycle found = through(member, edge, kindMax, form);
                if (found != null && (best == null || found.length() < best.length()) && fits.test(found)) {
                    best = found;
                    if (best.length() == 2) {
                        return Optional.of(best);
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean inside(int node) {
        int place = local[node];
        return place >= 0 && place < members.length && members[place] == node;
    }

    /**
     * The shortest way from the edge's end back to its beginning; null when there is none that visits no node twice.
     */
    private @Nullable Cycle through(int start, int first, int kindMax, Form form) {
        stamp++;
        int head = 0;
        int tail = 0;
        int begin = state(graph.end(first), graph.kind(first) == Dependencies.RW, false);
        stamps[begin] = stamp;
        parentStates[begin] = NONE;
        queue[tail++] = begin;
        while (head < tail) {
            int state = queue[head++];
            int node = members[state / STATES];
            if (node == start && accepted(state, form)) {
                Cycle cycle = cycle(start, first, state);
                return cycle.simple() ? cycle : null;
            }
            if (node == start) {
                continue;
            }
            for (int edge = graph.first(node); edge < graph.first(node + 1); edge++) {
                if (++walked >= EDGES_WALKED_MAX) {
                    return null;
                }
                boolean rw = graph.kind(edge) == Dependencies.RW;
                boolean wrong = graph.kind(edge) > kindMax
                        || !inside(graph.end(edge))
                        || (rw && form == Form.NO_RW_IN_A_ROW && (state & AFTER_RW) != 0);
                if (wrong) {
                    continue;
                }
                int next = state(graph.end(edge), rw, rw || (state & HAD_RW) != 0);
                if (stamps[next] != stamp) {
                    stamps[next] = stamp;
                    parentStates[next] = state;
                    parentEdges[next] = edge;
                    queue[tail++] = next;
                }
            }
        }
        return null;
    }

    private int state(int node, boolean afterRw, boolean hadRw) {
        return local[node] * STATES + (afterRw ? AFTER_RW : 0) + (hadRw ? HAD_RW : 0);
    }

    private static boolean accepted(int state, Form form) {
        return switch (form) {
            case NO_FURTHER_RW -> true;
            case NO_RW_IN_A_ROW -> (state & HAD_RW) != 0 && (state & AFTER_RW) == 0;
            case FURTHER_RW -> (state & HAD_RW) != 0;
        };
    }

    private Cycle cycle(int start, int first, int last) {
        int length = 1;
        for (int state = last; parentStates[state] != NONE; state = parentStates[state]) {
            length++;
        }
        int[] nodes = new int[length];
        int[] edges = new int[length];
        int at = length - 1;
        for (int state = last; parentStates[state] != NONE; state = parentStates[state]) {
            edges[at] = parentEdges[state];
            nodes[at] = members[parentStates[state] / STATES];
            at--;
        }
        nodes[0] = start;
        edges[0] = first;
        return new Cycle(nodes, edges, Arrays.stream(edges).map(graph::kind).toArray());
    }
}
