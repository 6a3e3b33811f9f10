package org.pgrehearse.reports.anomaly;

import org.pgrehearse.reports.column.IntColumn;
import org.pgrehearse.reports.journal.Outcome;

/**
 * Holds reads and writes against real time and against their own session. A read is stale when it misses a version that
 * was acknowledged before the read's transaction began; all instants are the client's. A session is a process whose
 * transactions follow each other; one that is recorded before an earlier one had ended is left out.
 */
final class SessionChecks {
    private static final int NONE = VersionOrders.NONE;

    private final Transactions transactions;
    private final VersionOrders orders;
    private final long[][] acknowledgedFrom;
    private final long[] unseenAcknowledged;
    private final PairIndex floors = new PairIndex();
    private final IntColumn readFloors = new IntColumn();
    private final IntColumn readBy = new IntColumn();
    private final IntColumn writeFloors = new IntColumn();
    private final IntColumn writtenBy = new IntColumn();
    private final IntColumn unseenBy = new IntColumn();
    private final PairIndex latest = new PairIndex();
    private long greatestStaleness;

    SessionChecks(Transactions transactions, VersionOrders orders) {
        this.transactions = transactions;
        this.orders = orders;
        acknowledgedFrom = new long[transactions.keys()][];
        unseenAcknowledged = new long[transactions.keys()];
        for (int key = 0; key < transactions.keys(); key++) {
            acknowledgedFrom[key] = earliestFrom(key);
            unseenAcknowledged[key] = Long.MAX_VALUE;
        }
        for (int write = 0; write < transactions.writes(); write++) {
            int key = transactions.writeKey(write);
            if (transactions.list(key) && acknowledged(write) && orders.rank(write) == NONE) {
                unseenAcknowledged[key] =
                        Math.min(unseenAcknowledged[key], transactions.ended(transactions.writer(write)));
            }
        }
    }

    /** How long before the stalest read began the version that it missed had been acknowledged; 0 without any. */
    long greatestStaleness() {
        return greatestStaleness;
    }

    void check() {
        for (int transaction = 0; transaction < transactions.size(); transaction++) {
            if (transactions.outcome(transaction) != Outcome.ACKNOWLEDGED) {
                continue;
            }
            for (int read = transactions.readsStart(transaction); read < transactions.readsEnd(transaction); read++) {
                if (orders.length(read) != NONE) {
                    stale(transaction, read);
                }
            }
            int before = latest.get(transactions.process(transaction), 0);
            if (before == PairIndex.ABSENT || transactions.ended(before) <= transactions.started(transaction)) {
                session(transaction);
                latest.put(transactions.process(transaction), 0, transaction);
            }
        }
    }

    private boolean acknowledged(int write) {
        return transactions.outcome(transactions.writer(write)) == Outcome.ACKNOWLEDGED;
    }

    /** For each rank the earliest acknowledgement of it or of a later version. */
    private long[] earliestFrom(int key) {
        long[] earliest = new long[orders.versions(key) + 1];
        earliest[orders.versions(key)] = Long.MAX_VALUE;
        for (int rank = orders.versions(key) - 1; rank >= 0; rank--) {
            int write = orders.write(key, rank);
            earliest[rank] = earliest[rank + 1];
            if (write != NONE && acknowledged(write)) {
                earliest[rank] = Math.min(earliest[rank], transactions.ended(transactions.writer(write)));
            }
        }
        return earliest;
    }

    private void stale(int transaction, int read) {
        int key = transactions.readKey(read);
        int length = orders.length(read);
        long started = transactions.started(transaction);
        long missed = Math.min(acknowledgedFrom[key][length], unseenAcknowledged[key]);
        if (missed >= started) {
            return;
        }
        long staleness = started - missed;
        greatestStaleness = Math.max(greatestStaleness, staleness);
        boolean never = missed == unseenAcknowledged[key];
        transactions.cases.add(
                Anomaly.STALE_READ,
                true,
                started,
                transactions.ended(transaction),
                staleness,
                () -> transactions.told(transaction) + " read version " + length + " of " + transactions.keyName(key)
                        + ", and a later write had been acknowledged at " + Times.instant(missed) + ", "
                        + Times.length(staleness) + " before it began"
                        + (never ? "; no read of the run ever saw that write" : ""));
    }

    private void session(int transaction) {
        for (int read = transactions.readsStart(transaction); read < transactions.readsEnd(transaction); read++) {
            if (orders.length(read) != NONE) {
                read(transaction, transactions.readKey(read), orders.length(read));
            }
        }
        for (int write = transactions.writesStart(transaction); write < transactions.writesEnd(transaction); write++) {
            written(transaction, write);
        }
        for (int read = transactions.readsStart(transaction); read < transactions.readsEnd(transaction); read++) {
            int floor = floor(transaction, transactions.readKey(read));
            if (orders.length(read) > readFloors.get(floor)) {
                readFloors.set(floor, orders.length(read));
                readBy.set(floor, transaction);
            }
        }
        for (int write = transactions.writesStart(transaction); write < transactions.writesEnd(transaction); write++) {
            int key = transactions.writeKey(write);
            int floor = floor(transaction, key);
            if (orders.rank(write) > writeFloors.get(floor)) {
                writeFloors.set(floor, orders.rank(write));
                writtenBy.set(floor, transaction);
            }
            if (orders.rank(write) == NONE && transactions.list(key)) {
                unseenBy.set(floor, transaction);
            }
        }
    }

    private void read(int transaction, int key, int length) {
        int floor = floor(transaction, key);
        boolean unseen = unseenBy.get(floor) != NONE;
        if (length <= writeFloors.get(floor) || unseen) {
            int writer = unseen ? unseenBy.get(floor) : writtenBy.get(floor);
            broken(
                    Anomaly.READ_YOUR_WRITES,
                    transaction,
                    writer,
                    key,
                    "read version " + length + " of ",
                    "had written");
        }
        if (length < readFloors.get(floor)) {
            broken(
                    Anomaly.MONOTONIC_READS,
                    transaction,
                    readBy.get(floor),
                    key,
                    "read version " + length + " of ",
                    "had read version " + readFloors.get(floor) + " of");
        }
    }

    private void written(int transaction, int write) {
        int rank = orders.rank(write);
        if (rank == NONE) {
            return;
        }
        int key = transactions.writeKey(write);
        int floor = floor(transaction, key);
        String wrote = "wrote version " + (rank + 1) + " of ";
        if (rank < writeFloors.get(floor)) {
            String before = "had written version " + (writeFloors.get(floor) + 1) + " of";
            broken(Anomaly.MONOTONIC_WRITES, transaction, writtenBy.get(floor), key, wrote, before);
        }
        if (rank < readFloors.get(floor)) {
            String before = "had read version " + readFloors.get(floor) + " of";
            broken(Anomaly.WRITES_FOLLOW_READS, transaction, readBy.get(floor), key, wrote, before);
        }
    }

    private void broken(Anomaly anomaly, int transaction, int before, int key, String now, String then) {
        transactions.cases.add(
                anomaly,
                true,
                transactions.started(before),
                transactions.ended(transaction),
                transactions.started(transaction) - transactions.ended(before),
                () -> transactions.told(transaction) + " " + now + transactions.keyName(key) + ", and "
                        + transactions.told(before) + " of the same session " + then + " it before");
    }

    private int floor(int transaction, int key) {
        int process = transactions.process(transaction);
        int floor = floors.get(key, process);
        if (floor == PairIndex.ABSENT) {
            floor = readFloors.size();
            floors.put(key, process, floor);
            readFloors.add(0);
            readBy.add(NONE);
            writeFloors.add(NONE);
            writtenBy.add(NONE);
            unseenBy.add(NONE);
        }
        return floor;
    }
}
