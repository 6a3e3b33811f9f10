package org.pgrehearse.scenarios.guard;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.pgrehearse.scenarios.environment.Server;

/** For how long sessions have been waiting for locks. For one thread. */
final class LockWaits {
    private static final int WAITSTART_SINCE = 14;
    private static final int QUERY_SECONDS_MAX = 1;
    private static final String OF_LOCKS = "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)"
            + " FROM pg_locks WHERE NOT granted";
    private static final String OF_SESSIONS =
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)"
                    + " FROM pg_stat_activity WHERE wait_event_type = 'Lock'";

    private final List<Server> servers;

    LockWaits(List<Server> servers) {
        this.servers = List.copyOf(servers);
    }

    /** Seconds of the longest wait on any server; a server that does not answer has none. */
    double longestSeconds() {
        return servers.stream().mapToDouble(LockWaits::longestSeconds).max().orElse(0);
    }

    private static double longestSeconds(Server server) {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(QUERY_SECONDS_MAX);
            try (ResultSet rows =
                    statement.executeQuery(server.majorVersion() >= WAITSTART_SINCE ? OF_LOCKS : OF_SESSIONS)) {
                return rows.next() ? rows.getDouble(1) : 0;
            }
        } catch (SQLException unanswered) {
            return 0;
        }
    }
}
