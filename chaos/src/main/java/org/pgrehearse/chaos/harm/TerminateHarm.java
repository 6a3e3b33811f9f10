package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;
import org.pgrehearse.chaos.server.Sessions;

/** Sessions that are ended by the server, once. Who comes back is free to stay. */
public final class TerminateHarm implements Harm {
    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final String FOUND = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            + " AND application_name NOT LIKE '" + Sql.APPLICATION + "%' AND ";

    private final SqlAccess access;
    private final Sessions sessions;
    private final AtomicReference<List<List<String>>> ended = new AtomicReference<>(List.of());

    /** An end that has not come. */
    public TerminateHarm(SqlAccess access, Sessions sessions) {
        this.access = access;
        this.sessions = sessions;
    }

    @Override
    public void inject() throws IOException {
        try (Connection connection = Sql.open(access)) {
            List<List<String>> found = found(connection);
            for (List<String> session : found) {
                Sql.rows(
                        connection,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE pid = ?::int AND backend_start = ?::timestamptz",
                        session.get(0),
                        session.get(1));
            }
            boolean gone = Wait.until(END_MAX, () -> {
                try {
                    return found(connection).stream().noneMatch(found::contains);
                } catch (SQLException e) {
                    throw Sql.failed(e);
                }
            });
            if (!gone) {
                throw new IOException("sessions still there " + END_MAX.toSeconds()
                        + " s after they were ended. Look at pg_stat_activity.");
            }
            ended.set(found);
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    @Override
    public Optional<String> evidence() {
        List<List<String>> gone = ended.get();
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(gone.size() + " sessions ended, the first of backend "
                        + gone.getFirst().getFirst());
    }

    /** Nothing stays: that the server takes sessions is all there is to see. */
    @Override
    public void heal() throws IOException {
        Sql.run(access, "SELECT 1");
    }

    private List<List<String>> found(Connection connection) throws SQLException {
        return switch (sessions) {
            case Sessions.OfUser(String user) -> Sql.rows(connection, FOUND + "usename = ?", user);
            case Sessions.OfDatabase(String database) -> Sql.rows(connection, FOUND + "datname = ?", database);
            case Sessions.OfApplication(String name) -> Sql.rows(connection, FOUND + "application_name = ?", name);
            case Sessions.Walsenders ignored -> Sql.rows(connection, FOUND + "backend_type = 'walsender'");
            case Sessions.ApplyWorkers ignored ->
                Sql.rows(
                        connection,
                        FOUND + "backend_type LIKE 'logical replication%' AND backend_type NOT LIKE '%launcher'");
            case Sessions.Clients ignored -> Sql.rows(connection, FOUND + "backend_type = 'client backend'");
        };
    }
}
