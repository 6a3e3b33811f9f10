package org.pgrehearse.verifier.compare;

import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.chunk.Brake;
import org.pgrehearse.verifier.chunk.TableSize;
import org.pgrehearse.verifier.rows.RowSearch;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** A pair of tables as their snapshots show them. */
record Sides(One source, One target) {

    /** The table of one side. */
    record One(Snapshot snapshot, Table table, TableSize size, Brake brake) {
        RowSearch.On searched() {
            return new RowSearch.On(snapshot, table, size.heap());
        }
    }

    /** Its name in progress and reports. */
    String name() {
        return source.table().name().toString();
    }

    long rowsGuess() {
        return Math.max(source.size().rowsGuess(), target.size().rowsGuess());
    }

    int connections() {
        return Math.min(source.snapshot().connections(), target.snapshot().connections());
    }
}
