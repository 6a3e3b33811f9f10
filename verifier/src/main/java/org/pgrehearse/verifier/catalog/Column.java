package org.pgrehearse.verifier.catalog;

import org.pgrehearse.verifier.snapshot.Sql;

/** A column of a table. */
public record Column(String name, ColumnType type, boolean notNull) {
    /** As SQL must write it. */
    public String quoted() {
        return Sql.identifier(name);
    }
}
