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
 * @param rules its indexes, constraints, triggers and policies, in the order of kinds and definitions
 * @param projection a SELECT that gives the columns their names where they are not the table's own; empty when they are
 * @param leftOut columns that are not among {@code columns}, and why
 */
public record Table(
        TableName name,
        long oid,
        boolean partitioned,
        long pages,
        List<Column> columns,
        List<List<String>> keys,
        List<Rule> rules,
        String projection,
        List<LeftOut> leftOut) {
    public Table {
        columns = List.copyOf(columns);
        rules = List.copyOf(rules);
        keys = keys.stream().map(List::copyOf).toList();
        leftOut = List.copyOf(leftOut);
    }

    /** A table with the columns that it has. */
    public Table(
            TableName name,
            long oid,
            boolean partitioned,
            long pages,
            List<Column> columns,
            List<List<String>> keys,
            List<Rule> rules) {
        this(name, oid, partitioned, pages, columns, keys, rules, "", List.of());
    }

    /** The column of this name, if there is one. */
    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    /** What follows FROM. Children that inherit from an ordinary table are tables of their own. */
    public String from() {
        return projection.isEmpty() ? stored() : "(" + projection + ") mapped";
    }

    /** The table as it is stored, whatever its columns are called in a comparison. */
    String stored() {
        return (partitioned ? "" : "ONLY ") + name.quoted();
    }

    Table showing(List<Column> others, List<List<String>> otherKeys, String select, List<LeftOut> without) {
        return new Table(name, oid, partitioned, pages, others, otherKeys, rules, select, without);
    }
}
