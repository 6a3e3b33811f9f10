package org.pgrehearse.verifier.catalog;

import java.util.List;
import java.util.Optional;

/**
 * An ordinary table or the root of a partitioned one.
 *
 * @param oid identifies it on its server
 * @param partitioned whether it is the root of partitions
 * @param pages size in pages as the server last estimated it; may be far off
 * @param columns in the table's order, without dropped ones
 * @param keys column names of each usable key, the primary key first, then by number of columns
 * @param rules its indexes and constraints, in the order of kinds and definitions
 */
public record Table(
        TableName name,
        long oid,
        boolean partitioned,
        long pages,
        List<Column> columns,
        List<List<String>> keys,
        List<Rule> rules) {
    public Table {
        columns = List.copyOf(columns);
        rules = List.copyOf(rules);
        keys = keys.stream().map(List::copyOf).toList();
    }

    /** The column of this name, if there is one. */
    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    /** What follows FROM: children that inherit from an ordinary table are tables of their own. */
    public String from() {
        return (partitioned ? "" : "ONLY ") + name.quoted();
    }
}
