package org.pgrehearse.verifier.live;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the source says about replication. Reads only, on a connection of its own; used by one thread. */
final class Publisher {
    private static final String READINESS = """
            SELECT CASE
              WHEN pg_is_in_recovery() THEN 'the source is a standby. Name its primary as the source.'
              WHEN current_setting('wal_level') <> 'logical'
                THEN 'wal_level of the source is ' || current_setting('wal_level') || '. Set it to logical and restart.'
              WHEN NOT (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user)
                THEN 'the role ' || current_user || ' may not make a replication slot on the source.'
                  || ' Grant it REPLICATION.'
              WHEN (SELECT count(*) FROM pg_replication_slots) >= current_setting('max_replication_slots')::int
                THEN 'all ' || current_setting('max_replication_slots') || ' replication slots of the source'
                  || ' are in use.'
                  || ' Drop one or raise max_replication_slots.'
            END
            """;
    private static final String ANCESTORS = """
            WITH RECURSIVE up(leaf, above) AS (
              SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
              UNION SELECT up.leaf, i.inhparent FROM up JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.above)
            SELECT up.leaf::int8, n.nspname || '.' || c.relname FROM up
            JOIN pg_catalog.pg_class c ON c.oid = up.above JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p')
            """;

    private final Connection connection;

    Publisher(Connection connection) {
        this.connection = connection;
    }

    /** Refuses a source of which no slot can be made. */
    void check() throws SQLException, NotLiveException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READINESS)) {
            row.next();
            String problem = row.getString(1);
            if (problem != null) {
                throw new NotLiveException(problem);
            }
        }
    }

    /** Whether a slot of this database, by its name, is one that a subscription uses. */
    boolean serves(Subscription subscription) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM pg_catalog.pg_replication_slots WHERE slot_name = ? AND plugin = 'pgoutput'"
                        + " AND database = current_database()")) {
            statement.setString(1, subscription.slot());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** What the subscriber says it has applied; empty when it is not connected or the role may not see it. */
    Optional<Lsn> applied(Subscription subscription) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT r.replay_lsn::text FROM pg_catalog.pg_stat_replication r"
                        + " JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid WHERE s.slot_name = ?")) {
            statement.setString(1, subscription.slot());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)).map(Lsn::of) : Optional.empty();
            }
        }
    }

    /** The names of all tables above each partition or child, by its OID. */
    Map<Integer, Set<String>> ancestors() throws SQLException {
        Map<Integer, Set<String>> ancestors = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ANCESTORS)) {
            while (rows.next()) {
                ancestors
                        .computeIfAbsent((int) rows.getLong(1), leaf -> new HashSet<>())
                        .add(rows.getString(2));
            }
        }
        return ancestors;
    }

    /** Whether the database's texts are in a known encoding. */
    static boolean encoded(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            return !row.getString(1).equals("SQL_ASCII");
        }
    }

    boolean encoded() throws SQLException {
        return encoded(connection);
    }
}
