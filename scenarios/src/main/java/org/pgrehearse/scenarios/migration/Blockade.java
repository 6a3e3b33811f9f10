package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.scenarios.environment.Server;

/**
 * A look, several times a second, at what the sessions of a migration tool wait for, so that a run that is ended from
 * outside tells whom it waited for. Closing it ends the looking.
 */
final class Blockade implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final int STATEMENT_MAX = 120;
    private static final String WAITS =
            "SELECT 'Session ' || w.pid || ' of ' || w.application_name || ' (' || left(regexp_replace(w.query, '\\s+',"
                    + " ' ', 'g'), " + STATEMENT_MAX + ") || ') waits for session ' || b.pid || ' of '"
                    + " || coalesce(nullif(b.application_name, ''), b.usename, b.backend_type) || CASE WHEN"
                    + " b.application_name = w.application_name THEN ', the tool''s own' ELSE '' END || ', '"
                    + " || coalesce(b.state, 'running') || ' (' || left(regexp_replace(b.query, '\\s+', ' ', 'g'), "
                    + STATEMENT_MAX + ") || ').' FROM pg_stat_activity w, pg_stat_activity b"
                    + " WHERE w.application_name = ? AND w.datname = ? AND w.wait_event_type = 'Lock'"
                    + " AND b.pid = ANY (pg_blocking_pids(w.pid)) ORDER BY w.pid, b.pid LIMIT 3";

    private final Thread looking;

    /** Begins to look at sessions of that name; what it sees goes to the rig. */
    Blockade(Rig rig, Server server, MigrationTool tool) {
        looking = Thread.ofVirtual().name("blockade").start(() -> look(rig, server, tool));
    }

    private static void look(Rig rig, Server server, MigrationTool tool) {
        try (Connection connection = server.admin()) {
            while (!Thread.currentThread().isInterrupted()) {
                List<String> waits = Sql.values(connection, WAITS, tool.word(), server.database());
                String obstacle = tool.obstacle(connection)
                        .map(text -> "Seen: " + text + ".")
                        .orElse("");
                rig.saw(waits.isEmpty() ? obstacle : String.join(" ", waits));
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (SQLException blind) {
            rig.saw(""); // nothing is told of what could not be seen
        }
    }

    @Override
    public void close() throws InterruptedException {
        looking.interrupt();
        looking.join(END_MAX);
    }
}
