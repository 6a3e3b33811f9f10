package org.pgrehearse.verifier.snapshot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.endpoint.SqlProblem;

/**
 * One connection inside one read-only transaction with pinned settings. Used by one thread at a time; only
 * {@link #cancel} may come from another.
 */
public final class Session {
    private static final long NETWORK_MARGIN_MILLIS = 60_000;
    private static final String MARK = "pgrehearse_work";

    /**
     * From version 14 on, several connections read a table side by side by ranges of pages. Parallel plans would take
     * more processes than jobs and, as they cannot seek to a range, would read the whole table for each.
     */
    private static final String NO_PARALLEL_PLANS = "set_config('max_parallel_workers_per_gather', CASE"
            + " WHEN current_setting('server_version_num')::int >= 140000 THEN '0'"
            + " ELSE current_setting('max_parallel_workers_per_gather') END, true)";

    private final Side side;
    private final Connection connection;
    private volatile @Nullable Statement running;
    private @Nullable String exportedId;

    private Session(Side side, Connection connection) {
        this.side = side;
        this.connection = connection;
    }

    /** Begins the transaction on a fresh connection, from the snapshot of this id if one is given. */
    static Session begin(Side side, Connection connection, @Nullable String snapshotId, Timeouts timeouts)
            throws SQLException {
        Session session = new Session(side, connection);
        try {
            long network = timeouts.statement().toMillis() + NETWORK_MARGIN_MILLIS;
            connection.setNetworkTimeout(Runnable::run, (int) Math.min(network, Integer.MAX_VALUE));
            connection.setAutoCommit(false);
            session.enter(snapshotId, timeouts);
            session.execute("SAVEPOINT " + MARK);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** The same with a new snapshot that other sessions can enter, unless the server cannot export one. */
    static Session beginExporting(Side side, Connection connection, Timeouts timeouts) throws SQLException {
        Session session = begin(side, connection, null, timeouts);
        try {
            connection.rollback();
            session.enter(null, timeouts);
            session.exportedId = session.exported();
            if (session.exportedId == null) {
                connection.rollback();
                session.enter(null, timeouts);
            }
            session.execute("SAVEPOINT " + MARK);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private @Nullable String exported() throws SQLException {
        try {
            return rows("SELECT pg_export_snapshot()", row -> row.getString(1)).getFirst();
        } catch (SQLException e) {
            if (SqlProblem.of(e).connectionLost()) {
                throw e;
            }
            return null;
        }
    }

    private void enter(@Nullable String snapshotId, Timeouts timeouts) throws SQLException {
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if (snapshotId != null) {
            execute("SET TRANSACTION SNAPSHOT " + Sql.literal(snapshotId));
        }
        execute(pinning(timeouts));
    }

    /** The id of the snapshot that this session exported; empty when it exported none. */
    Optional<String> exportedId() {
        return Optional.ofNullable(exportedId);
    }

    /** Transaction-local, so that a pooled connection goes back as it came. */
    private static String pinning(Timeouts timeouts) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("search_path", "pg_catalog");
        settings.put("application_name", "pgrehearse");
        settings.put("client_encoding", "UTF8");
        settings.put("standard_conforming_strings", "on");
        settings.put("TimeZone", "UTC");
        settings.put("DateStyle", "ISO, MDY");
        settings.put("IntervalStyle", "postgres");
        settings.put("extra_float_digits", "3");
        settings.put("bytea_output", "hex");
        settings.put("lc_monetary", "C");
        settings.put("xmloption", "content");
        settings.put("quote_all_identifiers", "off");
        settings.put("row_security", "off");
        settings.put("enable_sort", "off");
        settings.put("jit", "off");
        settings.put("statement_timeout", millis(timeouts.statement().toMillis()));
        settings.put("lock_timeout", millis(timeouts.lock().toMillis()));
        settings.put(
                "idle_in_transaction_session_timeout", millis(timeouts.idle().toMillis()));
        return settings.entrySet().stream()
                .map(setting -> "set_config('" + setting.getKey() + "', " + Sql.literal(setting.getValue()) + ", true)")
                .collect(Collectors.joining(", ", "SELECT " + NO_PARALLEL_PLANS + ", ", ""));
    }

    private static String millis(long millis) {
        return Long.toString(Math.min(Math.max(1, millis), Integer.MAX_VALUE));
    }

    /** All rows of a query that returns few of them. */
    public <T> List<T> list(String sql, RowReader<T> reader) throws ReadFailedException {
        try {
            return rows(sql, reader);
        } catch (SQLException e) {
            throw new ReadFailedException(side, e);
        }
    }

    /** The first row of a query, if it has one. */
    public <T> Optional<T> first(String sql, RowReader<T> reader) throws ReadFailedException {
        return list(sql, reader).stream().findFirst();
    }

    private <T> List<T> rows(String sql, RowReader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            running = statement;
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
        } finally {
            running = null;
        }
        return rows;
    }

    /** The rows of a query that may return many, fetched a few at a time; to be closed before the next statement. */
    public <T> RowStream<T> stream(String sql, RowReader<T> reader) throws ReadFailedException {
        try {
            Statement statement = connection.createStatement();
            running = statement;
            return RowStream.open(side, statement, sql, reader);
        } catch (SQLException e) {
            throw new ReadFailedException(side, e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Makes the transaction usable again after a failed statement, with the same snapshot; false if it cannot be. */
    boolean recover() {
        try {
            running = null;
            execute("ROLLBACK TO SAVEPOINT " + MARK);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Stops the running statement on the server and cuts the connection. Safe to call from any thread. */
    void cancel() {
        Statement statement = running;
        try {
            if (statement != null) {
                statement.cancel();
            }
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            close();
        }
    }

    /** Ends the transaction and the connection. */
    void close() {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            abort();
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            abort();
        }
    }

    private void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // The connection is unusable and unreachable; the server ends the transaction when it notices.
            running = null;
        }
    }
}
