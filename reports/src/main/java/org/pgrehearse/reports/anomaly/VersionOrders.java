package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import org.pgrehearse.reports.journal.Outcome;

/**
 * In which order the versions of each key were installed, as far as anybody saw it: of a list by its longest read, of a
 * register by the versions that the server counted. A version's rank counts from 0 within its key; a read that saw
 * {@code n} versions has the length {@code n}. Not safe for use by many threads.
 */
final class VersionOrders {
    /** No write, no rank, no length: nobody recorded it or nobody saw it. */
    static final int NONE = -1;

    private static final int FACT_BITS = 32;

    private final Transactions transactions;
    private final PairIndex writeIndex = new PairIndex();
    private final int[] starts;
    private int[] order;
    private final int[] ranks;
    private final int[] lengths;
    private long repeatedValues;
    private long versionsOutOfRange;

    VersionOrders(Transactions transactions) {
        this.transactions = transactions;
        starts = new int[transactions.keys() + 1];
        ranks = new int[transactions.writes()];
        lengths = new int[transactions.reads()];
        Arrays.fill(ranks, NONE);
        Arrays.fill(lengths, NONE);
        indexWrites();
        long[] facts = registerFacts();
        order = new int[1 << 10];
        int fact = 0;
        for (int key = 0; key < transactions.keys(); key++) {
            starts[key + 1] = starts[key];
            if (transactions.list(key)) {
                list(key);
            } else {
                fact = register(key, facts, fact);
            }
        }
        listLengths();
    }

    /** How many versions of this key are known. */
    int versions(int key) {
        return starts[key + 1] - starts[key];
    }

    /** The write that installed a version; {@link #NONE} when nobody recorded it. */
    int write(int key, int rank) {
        return order[starts[key] + rank];
    }

    /** The rank of what a write installed; {@link #NONE} when nobody saw it and no server gave it a version. */
    int rank(int write) {
        return ranks[write];
    }

    /** How many versions a read saw; {@link #NONE} when it contradicts the order. */
    int length(int read) {
        return lengths[read];
    }

    /** Whether the transaction of a write took effect: it was acknowledged, or unknown and somebody saw it. */
    boolean tookEffect(int write) {
        return switch (transactions.outcome(transactions.writer(write))) {
            case ACKNOWLEDGED -> true;
            case FAILED -> false;
            case UNKNOWN -> ranks[write] != NONE;
        };
    }

    /** How many writes repeat a value of their key; only the first of them is followed. */
    long repeatedValues() {
        return repeatedValues;
    }

    /** How many versions of registers are no versions: negative, or beyond what is counted. */
    long versionsOutOfRange() {
        return versionsOutOfRange;
    }

    private void indexWrites() {
        for (int write = 0; write < transactions.writes(); write++) {
            if (writeIndex.get(transactions.writeKey(write), transactions.writeValue(write)) == PairIndex.ABSENT) {
                writeIndex.put(transactions.writeKey(write), transactions.writeValue(write), write);
            } else {
                repeatedValues++;
            }
        }
    }

    private void append(int key, int write) {
        if (starts[key + 1] == order.length) {
            order = Arrays.copyOf(order, Math.multiplyExact(order.length, 2));
        }
        order[starts[key + 1]++] = write;
    }

    private void list(int key) {
        for (int place = 0; place < transactions.length(key); place++) {
            long value = transactions.element(key, place);
            int write = writeIndex.get(key, value);
            if (write != NONE && ranks[write] != NONE) {
                duplicate(key, write, place);
            } else if (write != NONE) {
                ranks[write] = place;
            }
            append(key, write);
        }
    }

    private void duplicate(int key, int write, int place) {
        int writer = transactions.writer(write);
        transactions.cases.add(
                Anomaly.DUPLICATE_ELEMENT,
                true,
                transactions.started(writer),
                transactions.ended(writer),
                place,
                () -> transactions.keyName(key) + " holds value " + transactions.writeValue(write) + " at place "
                        + (ranks[write] + 1) + " and again at place " + (place + 1) + "; " + transactions.told(writer)
                        + " appended it once");
    }

    private void listLengths() {
        for (int read = 0; read < lengths.length; read++) {
            if (transactions.list(transactions.readKey(read))) {
                lengths[read] = (int) transactions.readVersion(read);
            }
        }
    }

    /** Writes and reads of registers that tell a version, as numbers sorted by key and then by version. */
    private long[] registerFacts() {
        int[] counts = new int[transactions.keys() + 1];
        for (int fact = 0; fact < factsMax(); fact++) {
            if (tells(fact)) {
                counts[factKey(fact) + 1]++;
            }
        }
        Arrays.parallelPrefix(counts, Integer::sum);
        int[] next = counts.clone();
        long[] facts = new long[counts[transactions.keys()]];
        for (int fact = 0; fact < factsMax(); fact++) {
            if (tells(fact)) {
                facts[next[factKey(fact)]++] = factVersion(fact) << FACT_BITS | fact;
            }
        }
        for (int key = 0; key < transactions.keys(); key++) {
            Arrays.sort(facts, counts[key], counts[key + 1]);
        }
        return facts;
    }

    private int factsMax() {
        return Math.addExact(transactions.writes(), transactions.reads());
    }

    private boolean isWrite(int fact) {
        return fact < transactions.writes();
    }

    private int factKey(int fact) {
        return isWrite(fact) ? transactions.writeKey(fact) : transactions.readKey(fact - transactions.writes());
    }

    private long factVersion(int fact) {
        return isWrite(fact) ? transactions.writeVersion(fact) : transactions.readVersion(fact - transactions.writes());
    }

    private long factValue(int fact) {
        return isWrite(fact) ? transactions.writeValue(fact) : transactions.readValue(fact - transactions.writes());
    }

    private int factTransaction(int fact) {
        return isWrite(fact) ? transactions.writer(fact) : transactions.reader(fact - transactions.writes());
    }

    /** A write tells its version only once it was acknowledged; a read of version 0 is that of no version. */
    private boolean tells(int fact) {
        if (transactions.list(factKey(fact))) {
            return false;
        }
        long version = factVersion(fact);
        if (version > Integer.MAX_VALUE || version < (isWrite(fact) ? -1 : 0)) {
            versionsOutOfRange++;
            return false;
        }
        if (isWrite(fact)) {
            return version > 0 && transactions.outcome(transactions.writer(fact)) == Outcome.ACKNOWLEDGED;
        }
        if (version == 0) {
            lengths[fact - transactions.writes()] = 0;
        }
        return version > 0;
    }

    /** Takes the facts of one register in; the first fact of a version says its value. Returns the next key's first. */
    private int register(int key, long[] facts, int from) {
        int at = from;
        while (at < facts.length && factKey((int) facts[at]) == key) {
            int first = (int) facts[at];
            long version = facts[at] >>> FACT_BITS;
            int write = isWrite(first) ? first : writeIndex.get(key, factValue(first));
            int rank = versions(key);
            append(key, write);
            if (write != NONE && ranks[write] == NONE) {
                ranks[write] = rank;
            }
            for (; at < facts.length && factKey((int) facts[at]) == key && facts[at] >>> FACT_BITS == version; at++) {
                int fact = (int) facts[at];
                if (factValue(fact) != factValue(first)) {
                    fork(key, version, first, fact);
                } else if (!isWrite(fact)) {
                    lengths[fact - transactions.writes()] = rank + 1;
                }
            }
        }
        return at;
    }

    private void fork(int key, long version, int first, int other) {
        int one = factTransaction(first);
        int two = factTransaction(other);
        transactions.cases.add(
                Anomaly.FORK,
                true,
                Math.min(transactions.started(one), transactions.started(two)),
                Math.max(transactions.ended(one), transactions.ended(two)),
                version,
                () -> "version " + version + " of " + transactions.keyName(key) + " is " + factValue(first) + " for "
                        + transactions.told(one) + " which " + (isWrite(first) ? "wrote" : "read") + " it, and "
                        + factValue(other) + " for " + transactions.told(two) + " which "
                        + (isWrite(other) ? "wrote" : "read") + " it");
    }
}
