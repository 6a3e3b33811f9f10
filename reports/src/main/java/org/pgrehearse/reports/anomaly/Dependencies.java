package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import org.pgrehearse.reports.column.IntColumn;
import org.pgrehearse.reports.journal.Outcome;

/**
 * Which transaction must come before which, and why: Adya's direct serialization graph in three columns an edge, sorted
 * by where an edge begins. Not safe for use by many threads.
 *
 * <p>{@code ww}: the next version of a key is the other's. {@code wr}: the other read the version. {@code rw}: the
 * other installed the version after the one that was read. Writes that took effect and that nobody saw are younger than
 * every version that was seen: whoever read the newest one precedes their writers.
 */
final class Dependencies {
    static final int WW = 0;
    static final int WR = 1;
    static final int RW = 2;
    private static final int KIND_BITS = 2;
    private static final int KIND_MASK = 0b11;
    /** Edges to writes that nobody saw are drawn one to one up to so many a key, and to the first such write beyond. */
    private static final long UNSEEN_EDGES_PER_KEY_MAX = 1024;

    private final Transactions transactions;
    private final VersionOrders orders;
    private final IntColumn from = new IntColumn();
    private final IntColumn to = new IntColumn();
    private final IntColumn whys = new IntColumn();
    private final int[] starts;
    private final int[] ends;
    private final int[] reasons;

    Dependencies(Transactions transactions, VersionOrders orders) {
        this.transactions = transactions;
        this.orders = orders;
        overwrites();
        unseenWrites();
        reads();
        starts = new int[transactions.size() + 1];
        for (int edge = 0; edge < from.size(); edge++) {
            starts[from.get(edge) + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] next = Arrays.copyOf(starts, transactions.size());
        ends = new int[from.size()];
        reasons = new int[from.size()];
        for (int edge = 0; edge < from.size(); edge++) {
            int place = next[from.get(edge)]++;
            ends[place] = to.get(edge);
            reasons[place] = whys.get(edge);
        }
    }

    int nodes() {
        return transactions.size();
    }

    /** The first edge that begins at a node; the last one is before that of the next node. */
    int first(int node) {
        return starts[node];
    }

    int end(int edge) {
        return ends[edge];
    }

    int kind(int edge) {
        return reasons[edge] & KIND_MASK;
    }

    /** For {@code wr} the number of the read's write, for the others that of the younger write. */
    int write(int edge) {
        return reasons[edge] >>> KIND_BITS;
    }

    private void edge(int one, int other, int kind, int write) {
        if (one != other) {
            from.add(one);
            to.add(other);
            whys.add(write << KIND_BITS | kind);
        }
    }

    private void overwrites() {
        for (int key = 0; key < transactions.keys(); key++) {
            int before = VersionOrders.NONE;
            for (int rank = 0; rank < orders.versions(key); rank++) {
                int write = orders.write(key, rank);
                if (write == VersionOrders.NONE || orders.rank(write) != rank || !orders.tookEffect(write)) {
                    continue;
                }
                if (before != VersionOrders.NONE) {
                    edge(transactions.writer(before), transactions.writer(write), WW, write);
                }
                before = write;
            }
        }
    }

    private void reads() {
        for (int read = 0; read < transactions.reads(); read++) {
            int length = orders.length(read);
            if (length == VersionOrders.NONE) {
                continue;
            }
            int key = transactions.readKey(read);
            int reader = transactions.reader(read);
            int seen = length == 0 ? VersionOrders.NONE : orders.write(key, length - 1);
            if (seen != VersionOrders.NONE && orders.tookEffect(seen)) {
                edge(transactions.writer(seen), reader, WR, seen);
            }
            for (int rank = length; rank < orders.versions(key); rank++) {
                int next = orders.write(key, rank);
                if (next != VersionOrders.NONE && orders.rank(next) == rank && orders.tookEffect(next)) {
                    edge(reader, transactions.writer(next), RW, next);
                    break;
                }
            }
        }
    }

    private void unseenWrites() {
        int[] counts = new int[transactions.keys()];
        int[] firsts = new int[transactions.keys()];
        for (int write = transactions.writes() - 1; write >= 0; write--) {
            if (unseen(write)) {
                counts[transactions.writeKey(write)]++;
                firsts[transactions.writeKey(write)] = write;
            }
        }
        int[][] all = new int[transactions.keys()][];
        long[] drawn = new long[transactions.keys()];
        for (int write = 0; write < transactions.writes(); write++) {
            int key = transactions.writeKey(write);
            if (unseen(write) && counts[key] <= UNSEEN_EDGES_PER_KEY_MAX) {
                all[key] = all[key] == null ? new int[counts[key] + 1] : all[key];
                all[key][++all[key][0]] = write;
            }
        }
        for (int read = 0; read < transactions.reads(); read++) {
            int key = transactions.readKey(read);
            if (counts[key] == 0 || orders.length(read) != orders.versions(key)) {
                continue;
            }
            int reader = transactions.reader(read);
            int[] unseen = all[key];
            if (unseen == null || (drawn[key] += counts[key]) > UNSEEN_EDGES_PER_KEY_MAX) {
                edge(reader, transactions.writer(firsts[key]), RW, firsts[key]);
            } else {
                for (int i = 1; i <= unseen[0]; i++) {
                    edge(reader, transactions.writer(unseen[i]), RW, unseen[i]);
                }
            }
        }
    }

    /** An acknowledged append that is in no read; of a register without a version nothing is known. */
    private boolean unseen(int write) {
        return orders.rank(write) == VersionOrders.NONE
                && transactions.list(transactions.writeKey(write))
                && transactions.outcome(transactions.writer(write)) == Outcome.ACKNOWLEDGED;
    }
}
