package org.pgrehearse.reports.anomaly;

import java.util.Arrays;

/**
 * A cycle in the dependencies: {@code nodes[i]} must come before {@code nodes[i + 1]}, and the last before the first.
 * Compared by identity.
 */
final class Cycle {
    private final int[] nodes;
    private final int[] edges;
    private final int[] kinds;

    Cycle(int[] nodes, int[] edges, int[] kinds) {
        this.nodes = nodes.clone();
        this.edges = edges.clone();
        this.kinds = kinds.clone();
    }

    int length() {
        return nodes.length;
    }

    int node(int place) {
        return nodes[place % nodes.length];
    }

    int edge(int place) {
        return edges[place];
    }

    int kind(int place) {
        return kinds[place % kinds.length];
    }

    /** Whether it visits no node twice. */
    boolean simple() {
        return Arrays.stream(nodes).distinct().count() == nodes.length;
    }

    long count(int kind) {
        return Arrays.stream(kinds).filter(each -> each == kind).count();
    }

    /** Whether two anti-dependencies follow each other, around its end too. */
    boolean rwInARow() {
        for (int place = 0; place < kinds.length; place++) {
            if (kind(place) == Dependencies.RW && kind(place + 1) == Dependencies.RW) {
                return true;
            }
        }
        return false;
    }
}
