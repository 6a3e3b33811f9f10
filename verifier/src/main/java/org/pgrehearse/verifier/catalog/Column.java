package org.pgrehearse.verifier.catalog;

import org.pgrehearse.verifier.snapshot.Sql;

/**
 * A column of a table.
 *
 * @param readable whether the verifier's role may read it
 * @param filling what fills it when an insert names no value, such as {@code DEFAULT 0} or {@code GENERATED ALWAYS AS
 *     IDENTITY}; empty when nothing does
 */
public record Column(String name, ColumnType type, boolean notNull, boolean readable, String filling) {
    /** A column that the role may read and that nothing fills. */
    public Column(String name, ColumnType type, boolean notNull) {
        this(name, type, notNull, true, "");
    }

    /** As SQL must write it. */
    public String quoted() {
        return Sql.identifier(name);
    }

    Column renamed(String other) {
        return new Column(other, type, notNull, readable, filling);
    }
}
