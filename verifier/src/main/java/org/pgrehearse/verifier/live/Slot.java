package org.pgrehearse.verifier.live;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.snapshot.Sql;

/**
 * A temporary logical slot of the source, with the snapshot of the moment from which it decodes. The server drops it
 * with its connection, however that ends. The snapshot can be entered until {@link #decode} is called. Used by one
 * thread.
 */
final class Slot implements AutoCloseable {
    private static final int MESSAGES_FETCHED_AT_ONCE = 1_000;
    private static final Duration DECODING_MAX = Duration.ofHours(2);

    private final Connection connection;
    private final String name;
    private final Lsn from;
    private final String snapshot;

    private Slot(Connection connection, String name, Lsn from, String snapshot) {
        this.connection = connection;
        this.name = name;
        this.from = from;
        this.snapshot = snapshot;
    }

    /**
     * Makes the slot. The server does so once all transactions that run have ended.
     *
     * @param wait how long to wait for that
     * @param held how long the snapshot may be held
     */
    static Slot create(ConnectionSource source, Duration wait, Duration held) throws SQLException {
        Connection connection = source.openReplication();
        try {
            connection.setNetworkTimeout(Runnable::run, (int) wait.toMillis());
            String name = "pgrehearse_" + UUID.randomUUID().toString().replace("-", "");
            pin(connection, held);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "CREATE_REPLICATION_SLOT " + name + " TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")) {
                row.next();
                return new Slot(connection, name, Lsn.of(row.getString(2)), row.getString(3));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Values shall be written as the verifier's own sessions write them. */
    private static void pin(Connection connection, Duration held) throws SQLException {
        Map<String, String> settings = Map.of(
                "application_name", "pgrehearse",
                "client_encoding", "UTF8",
                "TimeZone", "UTC",
                "DateStyle", "ISO, MDY",
                "extra_float_digits", "3",
                "statement_timeout", String.valueOf(DECODING_MAX.toMillis()),
                "idle_in_transaction_session_timeout", String.valueOf(Math.min(held.toMillis(), Integer.MAX_VALUE)));
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                statement.execute("SET " + setting.getKey() + " = " + Sql.literal(setting.getValue()));
            }
        }
    }

    /** Where the snapshot stands: it sees what committed before, and the slot decodes what commits later. */
    Lsn from() {
        return from;
    }

    /** The id by which other sessions enter the snapshot. */
    String snapshot() {
        return snapshot;
    }

    /**
     * Hands over all messages of transactions that committed up to a position, some at a time. Ends the snapshot.
     *
     * @param publications what is published decides what is decoded
     */
    void decode(Lsn upTo, List<String> publications, Consumer<byte[]> reader)
            throws SQLException, InterruptedException {
        String names = publications.stream().map(Sql::identifier).collect(Collectors.joining(","));
        connection.setNetworkTimeout(
                Runnable::run, (int) DECODING_MAX.plusMinutes(1).toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("DECLARE changes NO SCROLL CURSOR FOR SELECT data FROM"
                    + " pg_catalog.pg_logical_slot_get_binary_changes(" + Sql.literal(name) + ", "
                    + Sql.literal(upTo.toString()) + ", NULL, 'proto_version', '1', 'publication_names', "
                    + Sql.literal(names) + ")");
            List<byte[]> messages = fetched(statement);
            while (!messages.isEmpty()) {
                messages.forEach(reader);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                messages = fetched(statement);
            }
            statement.execute("COMMIT");
        }
    }

    private static List<byte[]> fetched(Statement statement) throws SQLException {
        List<byte[]> messages = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("FETCH FORWARD " + MESSAGES_FETCHED_AT_ONCE + " FROM changes")) {
            while (rows.next()) {
                messages.add(rows.getBytes(1));
            }
        }
        return messages;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
