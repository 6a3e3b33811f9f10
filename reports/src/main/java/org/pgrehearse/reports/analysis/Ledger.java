package org.pgrehearse.reports.analysis;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.column.PackedColumn;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** What one side's ledger held when everything was quiet, row by row in columns. Not safe for use by many threads. */
final class Ledger {
    private static final int SOURCE = 0;
    private static final int TARGET = 1;

    private final Side side;
    private final PackedColumn tokens = new PackedColumn();
    private final PackedColumn xids = new PackedColumn();
    private final PackedColumn lsns = new PackedColumn();
    private final PackedColumn executedOn = new PackedColumn();
    private Event.@Nullable LedgerRead read;

    Ledger(Side side) {
        this.side = side;
    }

    void add(Event.LedgerPage page) {
        for (Event.LedgerRow row : page.rows()) {
            long lsn = Lsn.parse(row.lsn()).position();
            tokens.add(row.token());
            xids.add(row.xid());
            lsns.add(lsn);
            executedOn.add(row.executedOn() == Side.SOURCE ? SOURCE : TARGET);
        }
    }

    void add(Event.LedgerRead event) {
        read = event;
    }

    Side side() {
        return side;
    }

    int size() {
        return tokens.size();
    }

    long token(int row) {
        return tokens.get(row);
    }

    long xid(int row) {
        return xids.get(row);
    }

    long lsn(int row) {
        return lsns.get(row);
    }

    Side executedOn(int row) {
        return executedOn.get(row) == SOURCE ? Side.SOURCE : Side.TARGET;
    }

    /** Whether the journal speaks of this ledger at all. */
    boolean mentioned() {
        return read != null || tokens.size() > 0;
    }

    /** Why a row's absence proves nothing; empty when it does. */
    String doubt() {
        Event.LedgerRead known = read;
        String name = Words.of(side);
        if (known == null) {
            return "the ledger on the " + name + " was not read";
        }
        if (!known.complete()) {
            return "the ledger on the " + name + " was not read completely"
                    + (known.detail().isEmpty() ? "" : ": " + known.detail());
        }
        if (known.rows() != tokens.size()) {
            return "the journal holds " + tokens.size() + " of the " + known.rows()
                    + " rows read from the ledger on the " + name;
        }
        return "";
    }
}
