package org.pgrehearse.reports.anomaly;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.column.IntColumn;
import org.pgrehearse.reports.column.LongColumn;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * Recorded transactions, one column a field. Of a list that was read only its length is kept: every read of a list must
 * begin, or be begun by, the longest one seen, which is kept once for each key. Not safe for use by many threads.
 */
final class Transactions {
    private static final int LIST = 0;
    private static final int REGISTER = 1;
    private static final long NO_VERSION = -1;

    final Cases cases;
    private final PairIndex keyIndex = new PairIndex();
    private final LongColumn keys = new LongColumn();
    private final IntColumn kinds = new IntColumn();
    private long[][] longest = new long[1 << 10][];
    private final IntColumn lengths = new IntColumn();
    private final IntColumn longestReaders = new IntColumn();
    private final IntColumn processes = new IntColumn();
    private final LongColumn started = new LongColumn();
    private final LongColumn ended = new LongColumn();
    private final IntColumn marks = new IntColumn();
    private final IntColumn firstWrites = new IntColumn();
    private final IntColumn firstReads = new IntColumn();
    private final IntColumn writeKeys = new IntColumn();
    private final LongColumn writeValues = new LongColumn();
    private final LongColumn writeVersions = new LongColumn();
    private final IntColumn writers = new IntColumn();
    private final IntColumn readers = new IntColumn();
    private final IntColumn readKeys = new IntColumn();
    private final LongColumn readVersions = new LongColumn();
    private final LongColumn readValues = new LongColumn();

    Transactions(Cases cases) {
        this.cases = cases;
    }

    void add(Event.Transaction event) {
        int transaction = size();
        processes.add(event.process());
        started.add(event.startedNanos());
        ended.add(event.endedNanos());
        marks.add(code(event.outcome()) | code(event.isolation()) << 2 | code(event.side()) << 4);
        firstWrites.add(writers.size());
        firstReads.add(readKeys.size());
        for (Action action : event.actions()) {
            switch (action) {
                case Action.Append append -> write(transaction, key(LIST, append.key()), append.value(), NO_VERSION);
                case Action.Write write ->
                    write(
                            transaction,
                            key(REGISTER, write.key()),
                            write.value(),
                            write.version() == null ? NO_VERSION : write.version());
                case Action.ReadList read -> {
                    if (event.outcome() == Outcome.ACKNOWLEDGED) {
                        readList(transaction, key(LIST, read.key()), read.values());
                    }
                }
                case Action.ReadRegister read -> {
                    if (event.outcome() == Outcome.ACKNOWLEDGED) {
                        readRegister(transaction, key(REGISTER, read.key()), read);
                    }
                }
            }
        }
    }

    private static int code(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> 0;
            case FAILED -> 1;
            case UNKNOWN -> 2;
        };
    }

    private static int code(Isolation isolation) {
        return switch (isolation) {
            case READ_COMMITTED -> 0;
            case REPEATABLE_READ -> 1;
            case SERIALIZABLE -> 2;
        };
    }

    private static int code(@Nullable Side side) {
        return side == null ? 0 : side == Side.SOURCE ? 1 : 2;
    }

    private int key(int kind, long name) {
        int known = keyIndex.get(kind, name);
        if (known != PairIndex.ABSENT) {
            return known;
        }
        int key = keys.size();
        keyIndex.put(kind, name, key);
        keys.add(name);
        kinds.add(kind);
        lengths.add(0);
        longestReaders.add(-1);
        if (key == longest.length) {
            longest = Arrays.copyOf(longest, key * 2);
        }
        longest[key] = new long[0];
        return key;
    }

    private void write(int transaction, int key, long value, long version) {
        writers.add(transaction);
        writeKeys.add(key);
        writeValues.add(value);
        writeVersions.add(version);
    }

    private void readList(int transaction, int key, List<Long> values) {
        int own = 0;
        for (int write = firstWrites.get(transaction); write < writers.size(); write++) {
            own += writeKeys.get(write) == key ? 1 : 0;
        }
        if (own > 0 && !endsWithOwn(transaction, key, values, own)) {
            internal(
                    transaction,
                    "read list " + keys.get(key) + " as " + shown(values) + ", which does not end with "
                            + (own == 1 ? "the value" : "the " + own + " values") + " it had appended itself");
            return;
        }
        if (agrees(transaction, key, values)) {
            readers.add(transaction);
            readKeys.add(key);
            readVersions.add(values.size() - own);
            readValues.add(0);
        }
    }

    private boolean endsWithOwn(int transaction, int key, List<Long> values, int own) {
        int at = values.size() - own;
        if (at < 0) {
            return false;
        }
        for (int write = firstWrites.get(transaction); write < writers.size(); write++) {
            if (writeKeys.get(write) == key && values.get(at++) != writeValues.get(write)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the list begins, or is begun by, the longest read of its key; a longer one takes its place. */
    private boolean agrees(int transaction, int key, List<Long> values) {
        long[] known = longest[key];
        int length = lengths.get(key);
        int both = Math.min(length, values.size());
        for (int i = 0; i < both; i++) {
            if (values.get(i) != known[i]) {
                incompatible(transaction, key, i, known[i], values.get(i));
                return false;
            }
        }
        if (values.size() > length) {
            if (known.length < values.size()) {
                known = Arrays.copyOf(known, Math.max(values.size(), known.length * 2));
                longest[key] = known;
            }
            for (int i = length; i < values.size(); i++) {
                known[i] = values.get(i);
            }
            lengths.set(key, values.size());
            longestReaders.set(key, transaction);
        }
        return true;
    }

    private void incompatible(int transaction, int key, int place, long before, long now) {
        int reader = longestReaders.get(key);
        cases.add(
                Anomaly.INCOMPATIBLE_ORDER,
                true,
                Math.min(started(reader), started(transaction)),
                Math.max(ended(reader), ended(transaction)),
                lengths.get(key) - place,
                () -> told(reader) + " read value " + before + " at place " + (place + 1) + " of list " + keys.get(key)
                        + ", and " + told(transaction) + " read value " + now
                        + " there: no one order of the appends explains both");
    }

    private void readRegister(int transaction, int key, Action.ReadRegister read) {
        int own = -1;
        for (int write = firstWrites.get(transaction); write < writers.size(); write++) {
            own = writeKeys.get(write) == key ? write : own;
        }
        if (own < 0) {
            readers.add(transaction);
            readKeys.add(key);
            readVersions.add(read.version());
            readValues.add(read.value() == null ? 0 : read.value());
        } else if (read.value() == null || read.value() != writeValues.get(own)) {
            internal(
                    transaction,
                    "wrote " + writeValues.get(own) + " to register " + keys.get(key) + " and then read "
                            + (read.value() == null ? "nothing" : read.value()));
        }
    }

    private void internal(int transaction, String fact) {
        cases.add(
                Anomaly.INTERNAL,
                true,
                started(transaction),
                ended(transaction),
                0,
                () -> told(transaction) + " " + fact);
    }

    private static String shown(List<Long> values) {
        int from = Math.max(0, values.size() - 10);
        return (from > 0 ? "[… " : "[")
                + String.join(
                        " ",
                        values.subList(from, values.size()).stream()
                                .map(String::valueOf)
                                .toList()) + "]";
    }

    int size() {
        return processes.size();
    }

    int process(int transaction) {
        return processes.get(transaction);
    }

    long started(int transaction) {
        return started.get(transaction);
    }

    long ended(int transaction) {
        return ended.get(transaction);
    }

    Outcome outcome(int transaction) {
        return switch (marks.get(transaction) & 0b11) {
            case 0 -> Outcome.ACKNOWLEDGED;
            case 1 -> Outcome.FAILED;
            default -> Outcome.UNKNOWN;
        };
    }

    Isolation isolation(int transaction) {
        return switch (marks.get(transaction) >> 2 & 0b11) {
            case 0 -> Isolation.READ_COMMITTED;
            case 1 -> Isolation.REPEATABLE_READ;
            default -> Isolation.SERIALIZABLE;
        };
    }

    @Nullable
    Side side(int transaction) {
        return switch (marks.get(transaction) >> 4) {
            case 1 -> Side.SOURCE;
            case 2 -> Side.TARGET;
            default -> null;
        };
    }

    /** The number of the transaction's first write; its last one is before {@link #writesEnd}. */
    int writesStart(int transaction) {
        return firstWrites.get(transaction);
    }

    int writesEnd(int transaction) {
        return transaction + 1 < size() ? firstWrites.get(transaction + 1) : writers.size();
    }

    int readsStart(int transaction) {
        return firstReads.get(transaction);
    }

    int readsEnd(int transaction) {
        return transaction + 1 < size() ? firstReads.get(transaction + 1) : readKeys.size();
    }

    int writes() {
        return writers.size();
    }

    int writer(int write) {
        return writers.get(write);
    }

    int writeKey(int write) {
        return writeKeys.get(write);
    }

    long writeValue(int write) {
        return writeValues.get(write);
    }

    /** The version that the server gave it; -1 when it has none or none is known. */
    long writeVersion(int write) {
        return writeVersions.get(write);
    }

    /** Whether its transaction wrote the same key again later. */
    boolean replaced(int write) {
        int end = writesEnd(writers.get(write));
        for (int later = write + 1; later < end; later++) {
            if (writeKeys.get(later) == writeKeys.get(write)) {
                return true;
            }
        }
        return false;
    }

    int reads() {
        return readKeys.size();
    }

    int reader(int read) {
        return readers.get(read);
    }

    int readKey(int read) {
        return readKeys.get(read);
    }

    /** Of a list its length without the reader's own appends; of a register its version. */
    long readVersion(int read) {
        return readVersions.get(read);
    }

    /** Of a register its value; 0 for a list. */
    long readValue(int read) {
        return readValues.get(read);
    }

    int keys() {
        return keys.size();
    }

    boolean list(int key) {
        return kinds.get(key) == LIST;
    }

    /** How many values the longest read of a list had. */
    int length(int key) {
        return lengths.get(key);
    }

    /** One value of the longest read of a list. */
    long element(int key, int place) {
        return longest[key][place];
    }

    /** Such as {@code list 7}. */
    String keyName(int key) {
        return (list(key) ? "list " : "register ") + keys.get(key);
    }

    /** A transaction so that a reader can find it again. */
    String told(int transaction) {
        Side side = side(transaction);
        return "T" + (transaction + 1) + " (process " + process(transaction) + ", "
                + Times.instant(started(transaction))
                + " to " + Times.instant(ended(transaction)) + ", "
                + (side == null ? "unknown side" : side == Side.SOURCE ? "source" : "target") + ", "
                + isolation(transaction).sql() + ")";
    }
}
