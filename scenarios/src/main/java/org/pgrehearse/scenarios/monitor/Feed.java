package org.pgrehearse.scenarios.monitor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.Server;

/** One server's connection for a monitor, opened when needed and again after it broke. For one thread. */
final class Feed implements AutoCloseable {
    private static final String DENIED = "42501";
    private static final int QUERY_SECONDS_MAX = 2;

    /** A monitor that waited for a lock would be one more in the queue that it watches. */
    private static final String IMPATIENCE = "SET lock_timeout = '50ms'";

    private final Server server;
    private final Set<String> denied = new HashSet<>();
    private @Nullable Connection connection;

    Feed(Server server) {
        this.server = server;
    }

    /** Takes one row of an answer. */
    interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    /** Asks; whether the server answered. What it does not answer is a gap in the samples, and asked again later. */
    boolean ask(String query, Reader reader) {
        if (denied.contains(query)) {
            return false;
        }
        try {
            Connection open = connection == null ? connect() : connection;
            connection = open;
            try (Statement statement = open.createStatement()) {
                statement.setQueryTimeout(QUERY_SECONDS_MAX);
                try (ResultSet rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        reader.read(rows);
                    }
                }
            }
            return true;
        } catch (SQLException unanswered) {
            if (DENIED.equals(unanswered.getSQLState())) {
                denied.add(query); // the session is sound, and the answer would be the same
                return false;
            }
            close();
            return false;
        }
    }

    private Connection connect() throws SQLException {
        Connection open = server.admin();
        connection = open;
        try (Statement statement = open.createStatement()) {
            statement.execute(IMPATIENCE);
        }
        return open;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException broken) {
                connection = null; // it was broken already
            }
        }
    }
}
