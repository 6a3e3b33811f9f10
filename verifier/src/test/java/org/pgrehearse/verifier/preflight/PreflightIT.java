package org.pgrehearse.verifier.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.preflight.Inspection.Finding;
import org.pgrehearse.verifier.preflight.Inspection.Unchecked;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.OwnServer;

/** Every fault that is planted on real servers is found, and nothing else is. */
final class PreflightIT {
    private static final Set<Migration> EVERY = EnumSet.allOf(Migration.class);
    private static final Map<String, String> GOOD = Map.of(
            "wal_level", "logical",
            "max_prepared_transactions", "5",
            "archive_mode", "on",
            "archive_command", "true",
            "wal_log_hints", "on",
            "lock_timeout", "1min");

    @TempDir
    private static Path folder;

    private static OwnServer older;
    private static OwnServer newer;

    private Database source;
    private Database target;

    @BeforeAll
    static void start() {
        older = OwnServer.start(folder.resolve("older"), 12, GOOD);
        newer = OwnServer.start(folder.resolve("newer"), 17, GOOD);
        newer.database("postgres").run("ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'");
        newer.database("postgres").run("SELECT pg_reload_conf()");
    }

    @BeforeEach
    void make() {
        source = database(older, "source");
        target = database(newer, "target");
    }

    @AfterAll
    static void stop() {
        newer.close();
        older.close();
    }

    /** A new, empty database of this name in which nothing is wrong. */
    private static Database database(OwnServer server, String name) {
        Database root = server.database("postgres");
        root.run("DROP DATABASE IF EXISTS " + name);
        root.run("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        return server.database(name);
    }

    @Test
    void a_clean_pair_is_ready() throws CannotConnectException {
        String tables = "CREATE TABLE parent (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);"
                + "CREATE TABLE child PARTITION OF parent FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
                + "CREATE TABLE \"it's 100%\" (\"the id\" bigint PRIMARY KEY, v text)";
        source.run(tables + "; INSERT INTO parent VALUES (1, '2026-05-05'); INSERT INTO \"it's 100%\" VALUES (1, 'a');"
                + "ANALYZE");
        target.run(tables);
        Inspection inspection = Preflight.of(Set.of()).inspect(source, target);
        assertThat(found(inspection)).isEmpty();
        assertThat(inspection.unchecked()).isEmpty();
        assertThat(inspection.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(found(Preflight.of(EVERY).inspect(source, target))).containsExactly("major-differs server");
    }

    @Test
    void every_planted_fault_of_a_source_is_found_and_nothing_else() throws SQLException, CannotConnectException {
        source.run(PlantedFaults.SOURCE);
        PlantedFaults.SOURCE_ALONE.forEach(source::run);
        try (Connection open = source.open();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("SELECT txid_current()");
            Inspection inspection =
                    Preflight.of(EVERY).withLongTransaction(Duration.ZERO).inspect(source, null);
            assertThat(found(inspection)).containsExactlyInAnyOrderElementsOf(PlantedFaults.FOUND_ON_SOURCE);
            assertThat(inspection.unchecked()).extracting(Unchecked::check).containsExactly("sequence-behind");
            assertThat(inspection.verdict()).isEqualTo(Verdict.DIVERGENT);
        } finally {
            PlantedFaults.SOURCE_UNDONE.forEach(source::run);
        }
    }

    @Test
    void every_planted_fault_of_a_target_is_found_and_nothing_else() throws CannotConnectException {
        source.run(PlantedFaults.PAIR_SOURCE);
        target.run(PlantedFaults.PAIR_TARGET);
        PlantedFaults.TARGET_ALONE.forEach(target::run);
        try {
            Inspection inspection =
                    Preflight.of(Set.of(Migration.LOGICAL_REPLICATION)).inspect(source, target);
            assertThat(found(inspection)).containsExactlyInAnyOrderElementsOf(PlantedFaults.FOUND_ON_PAIR);
            assertThat(inspection.unchecked()).isEmpty();
        } finally {
            PlantedFaults.TARGET_UNDONE.forEach(target::run);
            source.run("REASSIGN OWNED BY only_here TO postgres; DROP OWNED BY only_here; DROP ROLE only_here");
        }
    }

    @Test
    void what_an_ordinary_role_cannot_see_is_unchecked_with_the_grant_that_helps()
            throws SQLException, CannotConnectException {
        source.run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; CREATE TABLE t (id serial PRIMARY KEY);"
                + "INSERT INTO t DEFAULT VALUES; ANALYZE");
        try (Connection other = source.open();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT 1");
            Inspection inspection = Preflight.of(EVERY).inspect(source.as("reader"), source);
            assertThat(inspection.unchecked())
                    .extracting(Unchecked::check)
                    .contains(
                            "long-transaction",
                            "no-statistics",
                            "sequence-behind",
                            "sequence-nearly-used",
                            "key-nearly-used",
                            "time-setting-differs");
            assertThat(inspection.unchecked())
                    .filteredOn(each ->
                            each.check().startsWith("sequence") || each.check().equals("long-transaction"))
                    .allSatisfy(each -> assertThat(each.reason()).contains("GRANT ", "reader"));
            assertThat(Preflight.of(Set.of(Migration.DUMP_RESTORE))
                            .inspect(source.as("reader"), null)
                            .verdict())
                    .isEqualTo(Verdict.INCONCLUSIVE);
        }
    }

    @Test
    void a_standby_and_a_read_only_role_can_be_asked_and_nothing_is_written(@TempDir Path place)
            throws IOException, CannotConnectException {
        Path copy = Files.createDirectory(place.resolve("standby"));
        try (OwnServer primary = OwnServer.start(place.resolve("primary"), 15, Map.of())) {
            Files.delete(copy);
            primary.copyTo(copy);
            Files.createFile(copy.resolve("standby.signal"));
            String conninfo = "'host=127.0.0.1 port=" + primary.port() + " user=postgres'";
            Database there = primary.database("postgres");
            there.run("CREATE TABLE late (v int)");
            try (OwnServer standby =
                    OwnServer.start(copy, 15, Map.of("primary_conninfo", conninfo, "hot_standby", "on"))) {
                Database here = standby.database("postgres");
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> here.value("SELECT to_regclass('late') IS NOT NULL")
                                .equals("t"));
                Inspection inspection = Preflight.of(Set.of()).inspect(here, null);
                assertThat(found(inspection)).contains("no-replica-identity public.late", "in-recovery standby");
                assertThat(inspection.unchecked()).isEmpty();
            }
        }
    }

    @Test
    void a_server_that_refuses_is_no_result() {
        ConnectionSource nobody = source.as("nobody_at_all");
        assertThatThrownBy(() -> Preflight.of(Set.of()).inspect(nobody, null))
                .isInstanceOf(CannotConnectException.class)
                .hasMessageContaining("nobody_at_all");
    }

    private static List<String> found(Inspection inspection) {
        return inspection.findings().stream().map(PreflightIT::words).collect(Collectors.toList());
    }

    private static String words(Finding finding) {
        assertThat(finding.detail()).isNotBlank();
        assertThat(finding.fix()).isNotBlank();
        return finding.check() + " " + finding.object();
    }
}
