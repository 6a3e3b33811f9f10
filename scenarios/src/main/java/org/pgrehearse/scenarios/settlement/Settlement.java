package org.pgrehearse.scenarios.settlement;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.LedgerRow;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Reads each side's ledger into the journal after the load has ended and nothing can change it any more. Only then may
 * an unknown outcome be resolved: a commit that is still under way would be taken for an absent one.
 */
public final class Settlement {
    private static final int ROWS_PER_PAGE = 1_000;
    private static final long POLL_MILLIS = 50;

    private static final String BUSY = "SELECT (SELECT count(*) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()"
            + " AND state <> 'idle' AND NOT (usename = current_user AND application_name LIKE 'pgrehearse%'))"
            + " + (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())";

    private final Recorder recorder;
    private final Duration quietMax;

    /** Takes how long to wait for a side to become quiet before its ledger counts as incomplete. */
    public Settlement(Recorder recorder, Duration quietMax) {
        this.recorder = recorder;
        this.quietMax = quietMax;
    }

    /** Reads both ledgers; what cannot be read is recorded as incomplete, with the reason. */
    public void read(List<Server> servers) throws InterruptedException {
        read(servers, List.of());
    }

    /** The same, and asks each side which of the rows that the load deleted it holds. */
    public void read(List<Server> servers, DeletedKeys deleted) throws InterruptedException {
        read(servers, deleted.deleted());
    }

    private void read(List<Server> servers, List<DeletedKeys.Deleted> deleted) throws InterruptedException {
        for (Server server : servers) {
            read(server, deleted);
        }
    }

    private void read(Server server, List<DeletedKeys.Deleted> deleted) throws InterruptedException {
        try (Connection connection = server.admin()) {
            if (!awaitQuiet(connection)) {
                closeLedger(
                        server.side(),
                        0,
                        false,
                        "sessions were still at work " + quietMax.toSeconds() + " s after the load");
            } else if (!hasLedger(connection)) {
                closeLedger(server.side(), 0, true, "this side never had a ledger");
            } else {
                closeLedger(server.side(), readRows(connection, server.side()), true, "");
                connection.setAutoCommit(true);
                new DeletedRows(connection, server.side(), recorder).look(deleted);
            }
        } catch (SQLException e) {
            closeLedger(
                    server.side(),
                    0,
                    false,
                    "Cannot read the ledger on the " + name(server.side()) + ": " + e.getMessage()
                            + ". See the server's log in the run's folder.");
        }
    }

    private boolean awaitQuiet(Connection connection) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        while (count(connection, BUSY) > 0) {
            if (System.nanoTime() - start > quietMax.toNanos()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private static boolean hasLedger(Connection connection) throws SQLException {
        return count(connection, "SELECT count(to_regclass('pgrehearse.ledger'))") > 0;
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Streams the rows in pages; the driver holds no more than one page, which it does only outside autocommit. */
    private long readRows(Connection connection, Side side) throws SQLException {
        connection.setAutoCommit(false);
        long rows = 0;
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(ROWS_PER_PAGE);
            List<LedgerRow> page = new ArrayList<>(ROWS_PER_PAGE);
            try (ResultSet row =
                    statement.executeQuery("SELECT token, executed_on, xid, lsn::text FROM pgrehearse.ledger")) {
                while (row.next()) {
                    page.add(new LedgerRow(
                            row.getLong(1), executedOn(row.getString(2)), row.getLong(3), row.getString(4)));
                    rows++;
                    if (page.size() == ROWS_PER_PAGE) {
                        recorder.record(new Event.LedgerPage(recorder.nowNanos(), side, page));
                        page.clear();
                    }
                }
            }
            if (!page.isEmpty()) {
                recorder.record(new Event.LedgerPage(recorder.nowNanos(), side, page));
            }
        }
        connection.rollback();
        return rows;
    }

    private static Side executedOn(String clusterName) throws SQLException {
        for (Side side : Side.values()) {
            if (name(side).equals(clusterName)) {
                return side;
            }
        }
        throw new SQLException("the ledger names a side that does not exist: " + clusterName);
    }

    private void closeLedger(Side side, long rows, boolean complete, String detail) {
        recorder.record(new Event.LedgerRead(recorder.nowNanos(), side, rows, complete, detail));
    }

    private static String name(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }
}
