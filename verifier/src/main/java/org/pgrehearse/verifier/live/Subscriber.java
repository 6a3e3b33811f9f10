package org.pgrehearse.verifier.live;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the target says about replication. Reads only, on a connection of its own; used by one thread. */
final class Subscriber {
    private static final String SUBSCRIPTIONS = """
            SELECT oid::int8, subname, subslotname, subpublications FROM pg_catalog.pg_subscription
            WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND subslotname IS NOT NULL ORDER BY subname
            """;
    private static final String TABLES = """
            WITH RECURSIVE up(leaf, above) AS (
              SELECT srrelid, srrelid FROM pg_catalog.pg_subscription_rel
              UNION SELECT up.leaf, i.inhparent FROM up JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.above)
            SELECT n.nspname || '.' || c.relname, s.srsubid || '/' || s.srrelid, s.srsubstate = 'r' FROM up
            JOIN pg_catalog.pg_subscription_rel s ON s.srrelid = up.leaf
            JOIN pg_catalog.pg_class c ON c.oid = up.above JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            """;
    private static final String TYPES = """
            SELECT a.attname, a.atttypid::int8 FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname || '.' || c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            """;

    private final Connection connection;

    Subscriber(Connection connection) {
        this.connection = connection;
    }

    /** All subscriptions of the database that have a slot. */
    List<Subscription> subscriptions() throws SQLException {
        List<Subscription> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SUBSCRIPTIONS)) {
            while (rows.next()) {
                Array publications = rows.getArray(4);
                found.add(new Subscription(rows.getLong(1), rows.getString(2), rows.getString(3), List.of((String[])
                        publications.getArray())));
            }
        }
        return found;
    }

    /** Refuses a subscription that is disabled or gone. */
    void check(Subscription subscription) throws SQLException, NotLiveException {
        if (!on("SELECT subenabled FROM pg_catalog.pg_subscription WHERE oid = " + subscription.oid())
                .orElse("f")
                .equals("t")) {
            throw new NotLiveException("the subscription " + subscription.name()
                    + " of the target is disabled. Enable it, or run without --live once nothing writes any more.");
        }
    }

    /**
     * A position up to which everything is applied and visible, as the apply worker reported it to the source; empty
     * when no worker runs or it has nothing to report yet.
     */
    Optional<Lsn> applied(Subscription subscription) throws SQLException {
        return on("SELECT max(latest_end_lsn)::text FROM pg_stat_subscription WHERE relid IS NULL AND subid = "
                        + subscription.oid())
                .map(Lsn::of);
    }

    /** A position beyond which nothing was applied when it is asked for; empty when no worker runs. */
    Optional<Lsn> received(Subscription subscription) throws SQLException {
        return on("SELECT max(received_lsn)::text FROM pg_catalog.pg_stat_subscription WHERE relid IS NULL AND subid = "
                        + subscription.oid())
                .map(Lsn::of);
    }

    /** Which tables, and tables above them, replication carries, and by which entries; whether each is synchronized. */
    Map<String, Map<String, Boolean>> tables() throws SQLException {
        Map<String, Map<String, Boolean>> tables = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.computeIfAbsent(rows.getString(1), name -> new HashMap<>())
                        .put(rows.getString(2), rows.getBoolean(3));
            }
        }
        return tables;
    }

    /** OIDs of the types of a table's columns by their names. */
    Map<String, Integer> types(String table) throws SQLException {
        Map<String, Integer> types = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    types.put(rows.getString(1), (int) rows.getLong(2));
                }
            }
        }
        return types;
    }

    boolean encoded() throws SQLException {
        return Publisher.encoded(connection);
    }

    private Optional<String> on(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }
}
