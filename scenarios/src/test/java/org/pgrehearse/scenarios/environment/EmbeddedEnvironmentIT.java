package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both servers together, from start to nothing left. */
final class EmbeddedEnvironmentIT {
    @TempDir
    private Path logs;

    @Test
    void two_majors_run_side_by_side_and_leave_nothing() throws SQLException {
        EmbeddedPlan plan = EmbeddedPlan.of(15, 17).withSettings(Map.of("max_connections", "50"));
        Path data;
        long pid;
        try (EmbeddedEnvironment environment = TestEnvironments.start(plan, logs)) {
            data = environment.source().data();
            pid = environment.source().pid();
            assertThat(TestEnvironments.query(environment.source(), "SHOW cluster_name"))
                    .isEqualTo("source");
            assertThat(TestEnvironments.query(environment.target(), "SHOW cluster_name"))
                    .isEqualTo("target");
            assertThat(TestEnvironments.query(environment.source(), "SHOW server_version"))
                    .startsWith("15.");
            assertThat(TestEnvironments.query(environment.target(), "SHOW server_version"))
                    .startsWith("17.");
            assertThat(TestEnvironments.query(environment.target(), "SHOW max_connections"))
                    .isEqualTo("50");
        }
        assertThat(Files.exists(data)).isFalse();
        assertThat(Processes.alive(pid)).isFalse();
    }
}
