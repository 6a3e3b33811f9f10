package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.Server;

/**
 * What a server held at one moment, kept readable for others while it moves on. It holds back the server's vacuum until
 * it is released or closed. Safe for use by many threads.
 */
final class HeldSnapshot implements AutoCloseable {
    private final Server server;
    private @Nullable Connection connection;
    private @Nullable String id;

    HeldSnapshot(Server server) {
        this.server = server;
    }

    /** Keeps this moment instead of any earlier one. */
    synchronized void take() throws SQLException {
        release();
        Connection opened = server.admin();
        connection = opened;
        opened.setAutoCommit(false);
        try (Statement statement = opened.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                id = row.getString(1);
            }
        }
    }

    /** What {@code SET TRANSACTION SNAPSHOT} takes; empty when nothing is held. */
    synchronized Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /** Lets the server forget it. */
    synchronized void release() throws SQLException {
        Connection held = connection;
        connection = null;
        id = null;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public void close() throws SQLException {
        release();
    }
}
