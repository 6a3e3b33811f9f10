package org.pgrehearse.verifier.live;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** A snapshot of the target that other sessions can enter until it is closed. Used by one thread. */
record TargetSnapshot(Connection connection, String id) implements AutoCloseable {
    static TargetSnapshot take(ConnectionSource target) throws SQLException {
        Connection connection = target.open();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = 0");
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
                row.next();
                return new TargetSnapshot(connection, row.getString(1));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
