package org.pgrehearse.scenarios.statistics;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code pg_stat_statements} says of one database at one moment.
 *
 * @param entries by role, statement and level
 * @param hiddenCalls of statements whose text the role may not read
 * @param evictions how often entries had to make room since the last reset; -1 before version 1.9 of the extension
 * @param resetAt when all were reset last, as the server writes it; empty before version 1.9
 */
record StatisticsLook(Map<String, Entry> entries, long hiddenCalls, long evictions, String resetAt) {
    private static final int ENTRIES_MAX = 100_000;

    /**
     * One statement.
     *
     * @param millis of execution, of all calls together
     */
    record Entry(String query, long calls, double millis) {}

    /** What was executed between two looks. */
    record Between(List<Entry> entries, long hiddenCalls, List<String> remarks) {}

    /**
     * What to ask, which differs by the version of the extension. It is found out before the first look, so that asking
     * is not counted.
     *
     * @param info the view that tells of evictions; empty where there is none
     */
    record Source(String view, String millis, boolean toplevel, String info) {
        /** Empty when the database does not have the extension. */
        static Optional<Source> of(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT quote_ident(n.nspname) FROM pg_extension e"
                            + " JOIN pg_namespace n ON n.oid = e.extnamespace"
                            + " WHERE e.extname = 'pg_stat_statements'")) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String view = row.getString(1) + ".pg_stat_statements";
                Set<String> columns = columns(connection, view);
                String info = columns(connection, view + "_info").contains("dealloc") ? view + "_info" : "";
                return Optional.of(new Source(
                        view,
                        columns.contains("total_exec_time") ? "total_exec_time" : "total_time",
                        columns.contains("toplevel"),
                        info));
            }
        }

        private static Set<String> columns(Connection connection, String view) throws SQLException {
            Set<String> columns = new HashSet<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('"
                                    + view.replace("'", "''") + "') AND attnum > 0")) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
            return columns;
        }
    }

    /** Reads it; statements that functions call count as part of these. */
    static StatisticsLook at(Connection connection, Source source) throws SQLException {
        String sql = "SELECT s.userid || '/' || coalesce(s.queryid, 0), s.query, s.calls, s." + source.millis()
                + ", s.queryid IS NULL FROM " + source.view() + " s WHERE s.dbid = (SELECT oid FROM pg_database"
                + " WHERE datname = current_database())" + (source.toplevel() ? " AND s.toplevel" : "") + " LIMIT "
                + ENTRIES_MAX;
        Map<String, Entry> entries = new HashMap<>();
        long hidden = 0;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    if (row.getBoolean(5) || row.getString(2) == null) {
                        hidden += row.getLong(3);
                    } else {
                        entries.put(row.getString(1), new Entry(row.getString(2), row.getLong(3), row.getDouble(4)));
                    }
                }
            }
            if (source.info().isEmpty()) {
                return new StatisticsLook(entries, hidden, -1, "");
            }
            try (ResultSet row = statement.executeQuery("SELECT dealloc, stats_reset::text FROM " + source.info())) {
                return row.next()
                        ? new StatisticsLook(entries, hidden, row.getLong(1), String.valueOf(row.getString(2)))
                        : new StatisticsLook(entries, hidden, -1, "");
            }
        }
    }

    /** What happened up to a later look. Where counters were set back, what they say then is all that is known. */
    Between until(StatisticsLook later) {
        if (!later.resetAt.equals(resetAt)) {
            Between anew = new StatisticsLook(Map.of(), 0, later.evictions, later.resetAt).until(later);
            return new Between(
                    anew.entries(),
                    anew.hiddenCalls(),
                    List.of("statistics were reset between the looks: calls before that are not counted"));
        }
        List<Entry> between = new ArrayList<>();
        int setBack = 0;
        for (Map.Entry<String, Entry> each : later.entries.entrySet()) {
            Entry now = each.getValue();
            Entry before = entries.getOrDefault(each.getKey(), new Entry(now.query(), 0, 0));
            boolean back = now.calls() < before.calls();
            setBack += back ? 1 : 0;
            Entry since = back ? new Entry(now.query(), 0, 0) : before;
            if (now.calls() > since.calls()) {
                between.add(new Entry(
                        now.query(), now.calls() - since.calls(), Math.max(0, now.millis() - since.millis())));
            }
        }
        return new Between(between, Math.max(0, later.hiddenCalls - hiddenCalls), remarks(later, setBack));
    }

    private List<String> remarks(StatisticsLook later, int setBack) {
        long gone = entries.keySet().stream()
                .filter(key -> !later.entries.containsKey(key))
                .count();
        List<String> remarks = new ArrayList<>();
        if (setBack > 0 || gone > 0) {
            remarks.add("statistics were set back or evicted between the looks: " + setBack
                    + " statements began anew, and " + gone + " are gone; their calls before that are not counted");
        }
        if (evictions >= 0 && later.evictions > evictions) {
            remarks.add("the server evicted statements " + (later.evictions - evictions)
                    + " times between the looks: rare ones are missing. Raise pg_stat_statements.max");
        }
        return remarks;
    }
}
