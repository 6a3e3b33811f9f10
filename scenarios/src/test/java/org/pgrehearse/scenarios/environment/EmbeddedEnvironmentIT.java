package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgrehearse.scenarios.environment.TestEnvironments.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;

/** Both servers together, from start to nothing left. */
final class EmbeddedEnvironmentIT {
    @TempDir
    private Path folder;

    private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

    @Test
    void two_majors_run_side_by_side_and_leave_nothing_but_their_logs() throws SQLException {
        EmbeddedPlan plan = EmbeddedPlan.of(15, 17)
                .withSettings(Map.of("max_connections", "50"))
                .withSettings(Side.TARGET, Map.of("max_connections", "60"));
        Path data;
        long pid;
        try (EmbeddedEnvironment environment = start(plan, Machine.detect())) {
            data = environment.source().data();
            pid = environment.source().pid();
            assertThat(environment.server(Side.SOURCE).side()).isEqualTo(Side.SOURCE);
            assertThat(environment.server(Side.TARGET).side()).isEqualTo(Side.TARGET);
            assertThat(query(environment.source(), "SHOW cluster_name")).isEqualTo("source");
            assertThat(query(environment.target(), "SHOW cluster_name")).isEqualTo("target");
            assertThat(query(environment.source(), "SHOW server_version")).startsWith("15.");
            assertThat(query(environment.target(), "SHOW server_version")).startsWith("17.");
            assertThat(query(environment.source(), "SHOW max_connections")).isEqualTo("50");
            assertThat(query(environment.target(), "SHOW max_connections")).isEqualTo("60");
            assertThat(query(environment.source(), "SELECT current_database()")).isEqualTo("app");
        }
        assertThat(data.getParent()).doesNotExist();
        assertThat(Processes.alive(pid)).isFalse();
        assertThat(folder.resolve("logs/source.log")).content().contains("database system is shut down");
        assertThat(folder.resolve("logs/target.log")).content().contains("database system is shut down");
        assertThat(progress).contains("starting PostgreSQL 15 as source …", "starting PostgreSQL 17 as target …");
    }

    @Test
    void the_roles_are_ordinary_ones_and_replication_works_with_them() throws SQLException {
        try (EmbeddedEnvironment environment = start(EmbeddedPlan.of(15, 15).withFsync(false), Machine.detect())) {
            environment.createRole("audit \"role\"", "NOLOGIN BYPASSRLS");
            for (EmbeddedServer server : List.of(environment.source(), environment.target())) {
                assertThat(query(server, """
                                SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolcanlogin, rolreplication,
                                    rolbypassrls), ', ' ORDER BY rolname COLLATE "C")
                                FROM pg_roles WHERE rolname !~ '^pg_' AND NOT rolsuper""")).isEqualTo("""
                                audit "role" f f f t, replicator f t t f, shop_batch f t f f, shop_web f t f f""");
            }
            TestEnvironments.execute(environment.source(), "CREATE TABLE t (n integer)");
            try (Connection replicator = environment.source().connect("app", EmbeddedEnvironment.REPLICATION_ROLE)) {
                assertThat(query(replicator, "SELECT count(*) FROM t")).isEqualTo("0");
                assertThat(query(replicator, "SELECT pg_create_logical_replication_slot('s', 'pgoutput')"))
                        .startsWith("(s,");
            }
            assertThatThrownBy(() -> environment.createRole("x", "LOGIN; DROP TABLE t"))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("Cannot create role \"x\" with the attributes \"LOGIN; DROP TABLE t\": these are not"
                            + " words in capitals. Correct them.");
            assertThatThrownBy(() -> environment.createRole("shop_web", "LOGIN"))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessageContaining("role \"shop_web\" already exists");
        }
    }

    @Test
    void a_side_that_cannot_start_takes_the_other_with_it_and_leaves_nothing() throws IOException {
        Machine machine = ownClusters();
        assertThatThrownBy(() -> start(
                        EmbeddedPlan.of(15, 17).withSettings(Side.TARGET, Map.of("shared_buffers", "much")), machine))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot start target: ")
                .hasMessageContaining("invalid value for parameter \"shared_buffers\"");
        assertThat(machine.cache().clusters()).isEmptyDirectory();
        Files.delete(machine.cache().root().resolve("postgres"));
    }

    @Test
    void a_disk_that_is_too_full_is_said_before_anything_starts() throws IOException {
        Machine machine = ownClusters();
        assertThatThrownBy(() -> start(EmbeddedPlan.of(15, 17).withDiskBytesMin(Long.MAX_VALUE), machine))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith(
                        "Cannot start servers in " + machine.cache().clusters() + ": ")
                .hasMessageEndingWith(" MiB are free, 8796093022207 MiB are needed. Free some space, or set"
                        + " XDG_CACHE_HOME to a larger place.");
        assertThat(machine.cache().clusters()).isEmptyDirectory();
        Files.delete(machine.cache().root().resolve("postgres"));
    }

    @Test
    void a_folder_for_logs_that_cannot_be_made_is_said() throws IOException {
        Files.createFile(folder.resolve("logs"));
        assertThatThrownBy(() -> start(EmbeddedPlan.of(15, 17), Machine.detect()))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot create the folder for logs " + folder.resolve("logs") + ": ")
                .hasMessageEndingWith(". Choose one that can be written.");
    }

    @Test
    void a_major_that_is_not_at_hand_is_resolved_with_maven() throws SQLException {
        // A cache of its own: nothing is resolved yet.
        Machine detected = Machine.detect();
        Machine machine = new Machine(detected.account(), new Cache(folder.resolve("cache")));
        PostgresBinaries binaries = PostgresBinaries.of(List.of(), machine.cache(), progress::add);
        EmbeddedPlan plan = EmbeddedPlan.of(14, 14).withFsync(false);
        try (EmbeddedEnvironment environment =
                EmbeddedEnvironment.start(plan, folder.resolve("logs"), machine, binaries, progress::add)) {
            assertThat(query(environment.source(), "SHOW server_version")).isEqualTo("14.19");
        }
        assertThat(progress).contains("resolving PostgreSQL 14.19.0 …");
        assertThat(machine.cache().clusters()).isEmptyDirectory();
    }

    @Test
    void installations_of_the_machine_itself_serve_as_well() throws SQLException {
        // The unpacked ones, found along a PATH: not every machine has packages.
        Machine machine = Machine.detect();
        PostgresBinaries binaries = TestEnvironments.binaries(machine.cache());
        String path = binaries.installation(15).programs() + ":"
                + binaries.installation(17).programs();
        LocalInstallations local = LocalInstallations.detect(Map.of("PATH", path), folder);
        assertThat(local.installation(15).version()).isEqualTo("15.14");
        try (EmbeddedEnvironment environment = EmbeddedEnvironment.start(
                EmbeddedPlan.of(15, 17).withFsync(false), folder.resolve("logs"), machine, local, progress::add)) {
            assertThat(query(environment.source(), "SHOW server_version")).isEqualTo("15.14");
        }
    }

    private EmbeddedEnvironment start(EmbeddedPlan plan, Machine machine) {
        return EmbeddedEnvironment.start(
                plan, folder.resolve("logs"), machine, TestEnvironments.binaries(machine.cache()), progress::add);
    }

    /** The machine with a cache that shares the installations, so that this test sees its own clusters only. */
    private Machine ownClusters() throws IOException {
        Machine detected = Machine.detect();
        Cache cache = new Cache(folder.resolve("cache"));
        Files.createDirectories(cache.root());
        Files.createSymbolicLink(
                cache.root().resolve("postgres"), detected.cache().installations());
        return new Machine(detected.account(), cache);
    }
}
