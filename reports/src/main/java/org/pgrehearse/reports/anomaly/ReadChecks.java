package org.pgrehearse.reports.anomaly;

import java.util.function.Supplier;
import org.pgrehearse.reports.journal.Outcome;

/** Holds every read against the order of its key: aborted, intermediate and unwritten values, and lost updates. */
final class ReadChecks {
    private final Transactions transactions;
    private final VersionOrders orders;
    private final int[] firstAborted;
    private final int[] firstUnwritten;
    private long placed;

    ReadChecks(Transactions transactions, VersionOrders orders) {
        this.transactions = transactions;
        this.orders = orders;
        firstAborted = new int[transactions.keys()];
        firstUnwritten = new int[transactions.keys()];
        for (int key = 0; key < transactions.keys(); key++) {
            firstAborted[key] = firstFault(key, true);
            firstUnwritten[key] = firstFault(key, false);
        }
    }

    /** How many reads have a place in the order of their key; known after {@link #check}. */
    long placed() {
        return placed;
    }

    void check() {
        for (int read = 0; read < transactions.reads(); read++) {
            if (orders.length(read) != VersionOrders.NONE) {
                placed++;
                values(read);
                update(read);
            }
        }
    }

    /** The rank of the first version that a failed transaction wrote, or that nobody did. */
    private int firstFault(int key, boolean aborted) {
        for (int rank = 0; rank < orders.versions(key); rank++) {
            int write = orders.write(key, rank);
            if (aborted ? aborted(write) : write == VersionOrders.NONE) {
                return rank;
            }
        }
        return Integer.MAX_VALUE;
    }

    private boolean aborted(int write) {
        return write != VersionOrders.NONE && transactions.outcome(transactions.writer(write)) == Outcome.FAILED;
    }

    private void values(int read) {
        int key = transactions.readKey(read);
        int length = orders.length(read);
        if (length == 0) {
            return;
        }
        int newest = orders.write(key, length - 1);
        boolean whole = transactions.list(key);
        int wrong = whole ? firstAborted[key] : aborted(newest) ? length - 1 : Integer.MAX_VALUE;
        if (wrong < length) {
            aborted(read, orders.write(key, wrong));
        }
        int unwritten = whole ? firstUnwritten[key] : newest == VersionOrders.NONE ? length - 1 : Integer.MAX_VALUE;
        if (unwritten < length) {
            unwritten(read, unwritten);
        }
        boolean own = newest != VersionOrders.NONE && transactions.writer(newest) == transactions.reader(read);
        if (newest != VersionOrders.NONE && !own && !aborted(newest) && transactions.replaced(newest)) {
            intermediate(read, newest);
        }
    }

    private void aborted(int read, int write) {
        int reader = transactions.reader(read);
        int writer = transactions.writer(write);
        add(
                Anomaly.G1A,
                read,
                writer,
                () -> transactions.told(reader) + " read " + transactions.keyName(transactions.readKey(read))
                        + " with value " + transactions.writeValue(write) + " of " + transactions.told(writer)
                        + ", which failed");
    }

    private void unwritten(int read, int rank) {
        int reader = transactions.reader(read);
        int key = transactions.readKey(read);
        transactions.cases.add(
                Anomaly.GARBAGE_READ,
                true,
                transactions.started(reader),
                transactions.ended(reader),
                rank,
                () -> transactions.told(reader) + " read "
                        + (transactions.list(key)
                                ? "value " + transactions.element(key, rank) + " in "
                                : "value " + transactions.readValue(read) + " from ")
                        + transactions.keyName(key) + ", which no recorded transaction wrote");
    }

    private void intermediate(int read, int write) {
        int reader = transactions.reader(read);
        int writer = transactions.writer(write);
        add(
                Anomaly.G1B,
                read,
                writer,
                () -> transactions.told(reader) + " read " + transactions.keyName(transactions.readKey(read))
                        + " up to value " + transactions.writeValue(write) + " of " + transactions.told(writer)
                        + ", which wrote it again before it committed");
    }

    /** A transaction that read a key and wrote it, with a version of somebody else in between. */
    private void update(int read) {
        int reader = transactions.reader(read);
        int key = transactions.readKey(read);
        for (int write = transactions.writesStart(reader); write < transactions.writesEnd(reader); write++) {
            if (transactions.writeKey(write) != key) {
                continue;
            }
            for (int rank = orders.length(read); rank < orders.rank(write); rank++) {
                int between = orders.write(key, rank);
                boolean others = between != VersionOrders.NONE && transactions.writer(between) != reader;
                if (others && orders.tookEffect(between)) {
                    lostUpdate(read, between, write);
                    return;
                }
            }
            return;
        }
    }

    private void lostUpdate(int read, int between, int write) {
        int reader = transactions.reader(read);
        int other = transactions.writer(between);
        boolean forbidden = Anomaly.LOST_UPDATE.forbiddenBy(transactions.isolation(reader))
                && Anomaly.LOST_UPDATE.forbiddenBy(transactions.isolation(other));
        transactions.cases.add(
                Anomaly.LOST_UPDATE,
                forbidden,
                Math.min(transactions.started(reader), transactions.started(other)),
                Math.max(transactions.ended(reader), transactions.ended(other)),
                orders.rank(write) - orders.length(read),
                () -> transactions.told(reader) + " read " + transactions.keyName(transactions.readKey(read))
                        + " without value " + transactions.writeValue(between) + " of " + transactions.told(other)
                        + ", and then wrote value " + transactions.writeValue(write) + " over it");
    }

    private void add(Anomaly anomaly, int read, int writer, Supplier<String> text) {
        int reader = transactions.reader(read);
        transactions.cases.add(
                anomaly,
                true,
                Math.min(transactions.started(reader), transactions.started(writer)),
                Math.max(transactions.ended(reader), transactions.ended(writer)),
                orders.length(read),
                text);
    }
}
