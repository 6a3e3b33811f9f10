package org.pgrehearse.scenarios.workload;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.script.KeyStatements;

/**
 * The keys of rows that one transaction deleted and inserted, as texts.
 *
 * @param table whose rows they are; empty when there are none
 * @param columns of the key
 */
public record RowKeys(String table, List<String> columns, List<List<String>> deleted, List<List<String>> inserted) {
    /** Of a transaction of which none is recorded. */
    public static final RowKeys NONE = new RowKeys("", List.of(), List.of(), List.of());

    public RowKeys {
        columns = List.copyOf(columns);
        deleted = List.copyOf(deleted);
        inserted = List.copyOf(inserted);
    }

    boolean isEmpty() {
        return deleted.isEmpty() && inserted.isEmpty();
    }

    /**
     * These, after an earlier try of the same write whose end may be unknown: what that one inserted may be there too,
     * and what it deleted was promised to nobody.
     */
    RowKeys after(RowKeys earlier) {
        if (earlier.inserted.isEmpty()) {
            return this;
        }
        List<List<String>> all = new ArrayList<>(earlier.inserted);
        all.addAll(inserted);
        return new RowKeys(earlier.table, earlier.columns, deleted, all);
    }

    /** Collects keys from what statements return. For one transaction, by one thread. */
    static final class Catcher {
        /** Of a transaction that writes more rows than this of a recorded table nothing is known, so it is undone. */
        static final int KEYS_PER_TRANSACTION_MAX = 10_000;

        private final String table;
        private final List<List<String>> deleted = new ArrayList<>();
        private final List<List<String>> inserted = new ArrayList<>();
        private List<String> columns = List.of();

        Catcher(String table) {
            this.table = table;
        }

        /** Takes the row that a statement of this kind returns. */
        void take(KeyStatements.Kind kind, ResultSet row) throws SQLException {
            switch (kind) {
                case DELETED -> add(deleted, row);
                case INSERTED -> add(inserted, row);
                case NEITHER -> {}
            }
        }

        RowKeys keys() {
            return deleted.isEmpty() && inserted.isEmpty() ? NONE : new RowKeys(table, columns, deleted, inserted);
        }

        private void add(List<List<String>> keys, ResultSet row) throws SQLException {
            List<String> labels = labels(row.getMetaData());
            if (columns.isEmpty()) {
                columns = labels;
            } else if (!columns.equals(labels)) {
                throw new SQLException("Cannot tell the keys of " + table + ": one statement returns " + columns
                        + " and another " + labels + ". Return the columns of its key, in the same order.");
            }
            if (deleted.size() + inserted.size() == KEYS_PER_TRANSACTION_MAX) {
                throw new SQLException("Cannot record more than " + KEYS_PER_TRANSACTION_MAX + " keys of " + table
                        + " in one transaction. Delete fewer rows in it, or leave out keys-of.");
            }
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= labels.size(); i++) {
                @Nullable String value = row.getString(i);
                if (value == null) {
                    throw new SQLException("Cannot record a row of " + table + " by its key: " + labels.get(i - 1)
                            + " is null. Return the columns of its primary key.");
                }
                values.add(value);
            }
            keys.add(List.copyOf(values));
        }

        private static List<String> labels(ResultSetMetaData columns) throws SQLException {
            List<String> labels = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                labels.add(columns.getColumnLabel(i));
            }
            return labels;
        }
    }
}
