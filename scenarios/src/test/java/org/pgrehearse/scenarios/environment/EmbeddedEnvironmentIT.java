package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both servers together, from start to nothing left. */
final class EmbeddedEnvironmentIT {
    @TempDir
    private Path logs;

    @Test
    void two_majors_run_side_by_side_and_leave_nothing() throws SQLException {
        Machine machine = Machine.detect();
        PostgresBinaries binaries = PostgresBinaries.of(
                List.of(Path.of(System.getProperty("pgrehearse.postgres.jars"))), machine.cache(), line -> {});
        EmbeddedPlan plan = EmbeddedPlan.of(15, 17).withSettings(Map.of("max_connections", "50"));
        Path data;
        long pid;
        try (EmbeddedEnvironment environment = EmbeddedEnvironment.start(plan, logs, machine, binaries, line -> {})) {
            data = environment.source().data();
            pid = environment.source().pid();
            assertThat(text(environment.source(), "SHOW cluster_name")).isEqualTo("source");
            assertThat(text(environment.target(), "SHOW cluster_name")).isEqualTo("target");
            assertThat(text(environment.source(), "SHOW server_version")).startsWith("15.");
            assertThat(text(environment.target(), "SHOW server_version")).startsWith("17.");
            assertThat(text(environment.target(), "SHOW max_connections")).isEqualTo("50");
        }
        assertThat(Files.exists(data)).isFalse();
        assertThat(Processes.alive(pid)).isFalse();
    }

    private static String text(Server server, String sql) throws SQLException {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
