package org.pgrehearse.scenarios.monitor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;

/** Asks one server how large its largest tables are, and how much of them is dead. For one thread. */
final class SizeQuestions {
    private static final int TABLES_MAX = 20;

    /** A table beyond this is not read for its dead rows: that takes a look at many of its pages. */
    private static final long HEAP_BYTES_READ_MAX = 256L << 20;

    private static final int BLOAT_EVERY = 5;

    /** Whoever asks for the size of a table that is locked against everybody would wait, and be in the queue. */
    private static final String LARGEST =
            "SELECT c.oid, c.reltoastrelid AS toast, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'"
                    + " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'"
                    + " AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'relation' AND l.relation = c.oid"
                    + " AND l.mode = 'AccessExclusiveLock'"
                    + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
                    + " ORDER BY greatest(c.reltuples,"
                    + " pg_stat_get_live_tuples(c.oid) + pg_stat_get_dead_tuples(c.oid)) DESC, c.oid DESC LIMIT "
                    + TABLES_MAX;

    private static final String SIZES =
            "SELECT name, coalesce(pg_relation_size(oid), 0), coalesce(pg_indexes_size(oid), 0),"
                    + " CASE WHEN toast = 0 THEN 0 ELSE coalesce(pg_total_relation_size(toast), 0) END"
                    + " FROM (" + LARGEST + ") AS largest";

    private static final String HAS_BLOAT = "SELECT quote_ident(n.nspname) FROM pg_extension e"
            + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgstattuple'";

    private final Side side;
    private final Recorder recorder;
    private final Map<String, Sizes> before = new HashMap<>();
    private int turn;

    private record Sizes(long heap, long indexes, long toast) {}

    SizeQuestions(Side side, Recorder recorder) {
        this.side = side;
        this.recorder = recorder;
    }

    void ask(Feed feed) {
        feed.ask(SIZES, this::size);
        if (turn++ % BLOAT_EVERY == 0) {
            feed.ask(HAS_BLOAT, row -> feed.ask(bloat(row.getString(1)), this::bloat));
        }
    }

    private void size(ResultSet row) throws SQLException {
        String table = row.getString(1);
        Sizes now = new Sizes(row.getLong(2), row.getLong(3), row.getLong(4));
        if (!now.equals(before.put(table, now))) {
            recorder.record(
                    new Event.TableSize(recorder.nowNanos(), side, table, now.heap(), now.indexes(), now.toast()));
        }
    }

    private static String bloat(String schema) {
        return "SELECT name, b.dead_tuple_percent, b.approx_free_percent FROM (" + LARGEST + ") AS largest,"
                + " LATERAL " + schema + ".pgstattuple_approx(CASE WHEN pg_relation_size(largest.oid) BETWEEN 1 AND "
                + HEAP_BYTES_READ_MAX + " THEN largest.oid END) AS b WHERE b.dead_tuple_percent IS NOT NULL";
    }

    private void bloat(ResultSet row) throws SQLException {
        recorder.record(
                new Event.TableBloat(recorder.nowNanos(), side, row.getString(1), row.getDouble(2), row.getDouble(3)));
    }
}
