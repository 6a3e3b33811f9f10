package org.pgrehearse.scenarios.settlement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;

/** Asks one side which of the rows that the load deleted it holds. Reads only. */
final class DeletedRows {
    private static final int KEYS_PER_QUERY = 1_000;
    private static final String COLUMNS = "SELECT attname, format_type(atttypid, NULL), quote_ident(attname)"
            + " FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped";

    private final Connection connection;
    private final Side side;
    private final Recorder recorder;

    DeletedRows(Connection connection, Side side, Recorder recorder) {
        this.connection = connection;
        this.side = side;
        this.recorder = recorder;
    }

    /** Looks for all of them; what cannot be asked is recorded with the reason. */
    void look(List<DeletedKeys.Deleted> tables) {
        for (DeletedKeys.Deleted table : tables) {
            try {
                look(table);
            } catch (SQLException e) {
                tell(table, 0, List.of(), String.valueOf(e.getMessage()));
            }
        }
    }

    private void look(DeletedKeys.Deleted table) throws SQLException {
        Map<String, Column> columns = columns(table.table());
        if (columns.isEmpty()) {
            tell(table, 0, List.of(), "there is no such table");
            return;
        }
        List<Column> key = new ArrayList<>();
        for (String name : table.columns()) {
            Column column = columns.get(name);
            if (column == null) {
                tell(table, 0, List.of(), "it has no column " + name + "; return its key under its own name");
                return;
            }
            key.add(column);
        }
        String query = query(table.table(), key);
        for (int from = 0; from < table.keys().size(); from += KEYS_PER_QUERY) {
            List<List<String>> page = table.keys()
                    .subList(from, Math.min(from + KEYS_PER_QUERY, table.keys().size()));
            tell(table, page.size(), found(query, page, key.size()), "");
        }
    }

    private Map<String, Column> columns(String table) throws SQLException {
        Map<String, Column> columns = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(row.getString(1), new Column(row.getString(3), row.getString(2)));
                }
            }
        }
        return columns;
    }

    /** The texts become values of the columns' types, so that an index on the key serves. */
    private static String query(String table, List<Column> key) {
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> matches = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            arrays.add("?::text[]");
            names.add("k" + i);
            matches.add("t." + key.get(i).quoted() + " = k.k" + i + "::"
                    + key.get(i).type());
        }
        return "SELECT k.place FROM unnest(" + String.join(", ", arrays) + ") WITH ORDINALITY AS k("
                + String.join(", ", names) + ", place) WHERE EXISTS (SELECT FROM " + table + " t WHERE "
                + String.join(" AND ", matches) + ")";
    }

    private List<List<String>> found(String query, List<List<String>> keys, int columns) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < columns; i++) {
                int column = i;
                Object[] values = keys.stream().map(key -> key.get(column)).toArray();
                statement.setArray(i + 1, connection.createArrayOf("text", values));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(keys.get(Math.toIntExact(row.getLong(1)) - 1));
                }
            }
        }
        return found;
    }

    private void tell(DeletedKeys.Deleted table, long asked, List<List<String>> found, String doubt) {
        recorder.record(new Event.DeletedRead(recorder.nowNanos(), side, table.table(), asked, found, doubt));
    }

    private record Column(String quoted, String type) {}
}
