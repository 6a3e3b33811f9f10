package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The strongly connected components of a part of the dependencies: Tarjan's algorithm with its stack in arrays, so that
 * its depth is bounded by memory and not by the thread's stack. Linear in nodes and edges.
 */
final class Components {
    private static final int UNSEEN = -1;

    private final Dependencies graph;
    private final IntPredicate nodeTaken;
    private final int kindMax;
    private final int[] index;
    private final int[] low;
    private final int[] nextEdge;
    private final int[] stack;
    private final int[] path;
    private final int[] component;
    private int seen;
    private int stacked;
    private int components;

    /** The components among nodes that are taken, along edges whose kind is at most this. */
    Components(Dependencies graph, IntPredicate nodeTaken, int kindMax) {
        this.graph = graph;
        this.nodeTaken = nodeTaken;
        this.kindMax = kindMax;
        int nodes = graph.nodes();
        index = filled(nodes);
        low = new int[nodes];
        nextEdge = new int[nodes];
        stack = new int[nodes];
        path = new int[nodes];
        component = filled(nodes);
        for (int node = 0; node < nodes; node++) {
            if (index[node] == UNSEEN && nodeTaken.test(node)) {
                walk(node);
            }
        }
    }

    /** The nodes of every component with more than one node, sorted by their least node. */
    int[][] circles() {
        int[] sizes = new int[components];
        for (int each : component) {
            if (each != UNSEEN) {
                sizes[each]++;
            }
        }
        int[][] members = new int[components][];
        int[] filled = new int[components];
        int[] byFirst = new int[components];
        int found = 0;
        for (int node = 0; node < component.length; node++) {
            int each = component[node];
            if (each == UNSEEN || sizes[each] < 2) {
                continue;
            }
            if (members[each] == null) {
                members[each] = new int[sizes[each]];
                byFirst[found++] = each;
            }
            members[each][filled[each]++] = node;
        }
        int[][] circles = new int[found][];
        for (int i = 0; i < found; i++) {
            circles[i] = members[byFirst[i]];
        }
        return circles;
    }

    private void walk(int root) {
        int depth = 0;
        path[0] = root;
        enter(root);
        while (depth >= 0) {
            int node = path[depth];
            if (nextEdge[node] == graph.first(node + 1)) {
                if (low[node] == index[node]) {
                    close(node);
                }
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
                continue;
            }
            int edge = nextEdge[node]++;
            int end = graph.end(edge);
            if (graph.kind(edge) > kindMax || !nodeTaken.test(end)) {
                continue;
            }
            if (index[end] == UNSEEN) {
                enter(end);
                path[++depth] = end;
            } else if (component[end] == UNSEEN) {
                low[node] = Math.min(low[node], index[end]);
            }
        }
    }

    private void enter(int node) {
        index[node] = seen;
        low[node] = seen;
        seen++;
        nextEdge[node] = graph.first(node);
        stack[stacked++] = node;
    }

    private void close(int root) {
        int node;
        do {
            node = stack[--stacked];
            component[node] = components;
        } while (node != root);
        components++;
    }

    private static int[] filled(int length) {
        int[] values = new int[length];
        Arrays.fill(values, UNSEEN);
        return values;
    }
}
