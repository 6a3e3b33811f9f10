package org.pgrehearse.reports.analysis;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.column.PackedColumn;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * Every operation of the load and every probe of the sentinel, one packed column a field: some 30 bytes each, so that a
 * hundred million fit. Numbered from 0 in the order of the journal. Not safe for use by many threads.
 */
final class Attempts {
    private static final int OUTCOME_MASK = 0b11;
    private static final int SIDE_SHIFT = 2;
    private static final int SIDE_MASK = 0b11;
    private static final int WRITE = 1 << 4;
    private static final int PROBE = 1 << 5;
    private static final int FRESH = 1 << 6;
    private static final long NO_LSN = 0;
    private static final long NO_XID = -1;
    private static final int ACKNOWLEDGED = 0;
    private static final int FAILED = 1;

    private final PackedColumn tokens = new PackedColumn();
    private final PackedColumn intended = new PackedColumn();
    private final PackedColumn started = new PackedColumn();
    private final PackedColumn ended = new PackedColumn();
    private final PackedColumn lsns = new PackedColumn();
    private final PackedColumn xids = new PackedColumn();
    private final PackedColumn flags = new PackedColumn();
    private final PackedColumn labels = new PackedColumn();
    private final PackedColumn errors = new PackedColumn();
    private final PackedColumn roles = new PackedColumn();
    private final PackedColumn pools = new PackedColumn();
    private final PackedColumn backends = new PackedColumn();
    private final Names names = new Names();
    private final Map<Integer, String> transactions = new HashMap<>();

    void add(Event.Operation operation) {
        long lsn = position(operation.lsn());
        tokens.add(operation.token());
        intended.add(operation.intendedNanos());
        started.add(operation.startedNanos());
        ended.add(operation.endedNanos());
        lsns.add(lsn);
        xids.add(operation.xid() == null ? NO_XID : operation.xid());
        flags.add(code(operation.outcome()) | side(operation.side()) | (operation.write() ? WRITE : 0));
        int label = names.id(operation.transaction() + " of " + operation.workload() + " by " + operation.instance());
        labels.add(label);
        transactions.putIfAbsent(label, operation.transaction());
        errors.add(error(operation.sqlState(), operation.message()));
        origin(operation.role(), operation.instance(), operation.backend());
    }

    void add(Event.Probe probe) {
        long lsn = position(probe.lsn());
        tokens.add(probe.token());
        intended.add(probe.intendedNanos());
        started.add(probe.startedNanos());
        ended.add(probe.endedNanos());
        lsns.add(lsn);
        xids.add(probe.xid() == null ? NO_XID : probe.xid());
        flags.add(code(probe.outcome())
                | side(probe.side())
                | (probe.write() ? WRITE : 0)
                | PROBE
                | (probe.fresh() ? FRESH : 0));
        labels.add(names.id((probe.write() ? "write" : "read") + " probe on a "
                + (probe.fresh() ? "fresh connection" : "warm connection")));
        errors.add(error(probe.sqlState(), probe.message()));
        origin(probe.role(), probe.fresh() ? "sentinel, fresh connections" : "sentinel, its pool", probe.backend());
    }

    int size() {
        return tokens.size();
    }

    long token(int index) {
        return tokens.get(index);
    }

    long intended(int index) {
        return intended.get(index);
    }

    long started(int index) {
        return started.get(index);
    }

    long ended(int index) {
        return ended.get(index);
    }

    /** The log position as a number; 0 when it never said. */
    long lsn(int index) {
        return lsns.get(index);
    }

    /** The transaction id; -1 when it never said. */
    long xid(int index) {
        return xids.get(index);
    }

    Outcome outcome(int index) {
        return switch (flags(index) & OUTCOME_MASK) {
            case ACKNOWLEDGED -> Outcome.ACKNOWLEDGED;
            case FAILED -> Outcome.FAILED;
            default -> Outcome.UNKNOWN;
        };
    }

    boolean acknowledged(int index) {
        return (flags(index) & OUTCOME_MASK) == ACKNOWLEDGED;
    }

    /** The side that said it executed it; null when none did. */
    @Nullable
    Side side(int index) {
        return switch ((flags(index) >> SIDE_SHIFT) & SIDE_MASK) {
            case 1 -> Side.SOURCE;
            case 2 -> Side.TARGET;
            default -> null;
        };
    }

    boolean write(int index) {
        return (flags(index) & WRITE) != 0;
    }

    boolean probe(int index) {
        return (flags(index) & PROBE) != 0;
    }

    boolean fresh(int index) {
        return (flags(index) & FRESH) != 0;
    }

    /** What it was, for a reader. */
    String label(int index) {
        return names.text(labelNumber(index));
    }

    /** The number of its label; operations with the same label are of the same kind of transaction. */
    int labelNumber(int index) {
        return (int) labels.get(index);
    }

    /** What the load calls the kind of transaction with this label; empty for probes, and for one of too many names. */
    String transaction(int labelNumber) {
        return names.isShared(labelNumber) ? "" : transactions.getOrDefault(labelNumber, "");
    }

    /** The database role; empty when it is not recorded. */
    String role(int index) {
        return names.text((int) roles.get(index));
    }

    /** Whose connections it used: the application instance, or the sentinel with its kind of connection. */
    String pool(int index) {
        return names.text((int) pools.get(index));
    }

    /** Process id of the backend that executed it; 0 when it is not recorded. */
    int backend(int index) {
        return (int) backends.get(index);
    }

    /** SQLSTATE and message of its failure; empty when there was none. */
    String error(int index) {
        return names.text((int) errors.get(index));
    }

    /** Only the SQLSTATE, or a word for a failure without one. */
    String errorState(int index) {
        String error = error(index);
        int space = error.indexOf(' ');
        return space < 0 ? error : error.substring(0, space);
    }

    private int flags(int index) {
        return (int) flags.get(index);
    }

    private void origin(@Nullable String role, String pool, @Nullable Integer backend) {
        roles.add(names.id(Objects.requireNonNullElse(role, "")));
        pools.add(names.id(pool));
        backends.add(Objects.requireNonNullElse(backend, 0));
    }

    private int error(@Nullable String sqlState, @Nullable String message) {
        if (sqlState == null && message == null) {
            return names.id("");
        }
        return names.id(Objects.requireNonNullElse(sqlState, "none") + " " + Objects.requireNonNullElse(message, ""));
    }

    private static int code(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> ACKNOWLEDGED;
            case FAILED -> FAILED;
            case UNKNOWN -> FAILED + 1;
        };
    }

    private static int side(@Nullable Side side) {
        return side == null ? 0 : (side == Side.SOURCE ? 1 : 2) << SIDE_SHIFT;
    }

    private static long position(@Nullable String lsn) {
        return lsn == null ? NO_LSN : Lsn.parse(lsn).position();
    }
}
