package org.pgrehearse.scenarios.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.analysis.TableGrowth;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.testkit.Servers;

/** Tables that swell are seen to, because of a transaction that is open for long, and those that do not are not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SizeMonitorIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int UPDATES = 6;
    private static final double DEAD_PERCENT_AT_LEAST = 50;

    private EmbeddedEnvironment environment;
    private MemoryRecorder recorder = new MemoryRecorder();

    @BeforeAll
    void start(@TempDir Path logs) throws SQLException {
        environment = Servers.start(logs);
        execute("CREATE EXTENSION pgstattuple");
    }

    @BeforeEach
    void clear() {
        recorder = new MemoryRecorder();
    }

    @AfterAll
    void stop() {
        environment.close();
    }

    @Test
    void updates_behind_a_transaction_that_stays_open_swell_the_table_its_index_and_its_dead_rows() throws Exception {
        fill("held");
        try (Connection holder = source().admin();
                Statement holds = holder.createStatement()) {
            holder.setAutoCommit(false);
            holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            holds.execute("SELECT count(*) FROM held");
            Judgement judgement = watched("held", true);

            assertThat(judgement.expectations().getFirst().verdict())
                    .as(judgement.sizes().toString())
                    .isEqualTo(RunVerdict.FAILED);
            TableGrowth growth = growth(judgement, "public.held");
            assertThat(growth.indexes()).isPositive();
            assertThat(growth.toast()).isPositive();
            assertThat(Objects.requireNonNull(growth.dead())).isGreaterThan(DEAD_PERCENT_AT_LEAST);
            assertThat(growth.phases()).anyMatch(phase -> phase.phase().equals("update") && phase.bytes() > 0);
        }
    }

    @Test
    void the_same_updates_with_a_vacuum_after_each_stay_within_the_limit() throws Exception {
        fill("vacuumed");
        Judgement judgement = watched("vacuumed", false);
        assertThat(judgement.expectations().getFirst().verdict())
                .as(judgement.sizes().toString())
                .isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_table_locked_against_everybody_is_left_out_and_the_monitor_waits_for_nobody() throws Exception {
        fill("locked");
        fill("open");
        try (Connection holder = source().admin();
                Statement holds = holder.createStatement()) {
            holder.setAutoCommit(false);
            holds.execute("LOCK TABLE locked");
            try (ServerMonitor _monitor = ServerMonitor.start(source(), recorder)) {
                awaitSize("public.open");
            }
        }
        assertThat(recorder.events(Event.TableSize.class))
                .noneMatch(size -> size.table().equals("public.locked"));
        assertThat(recorder.events(Event.LockWaits.class))
                .allMatch(look -> look.waits().isEmpty());
    }

    /** A rehearsal's journal in small: the table is watched, updated in a phase, and watched until that was seen. */
    private Judgement watched(String table, boolean held) throws SQLException {
        long from = recorder.nowNanos();
        recorder.record(new Event.RunOpened(
                0, Instant.EPOCH, "test", "bloat", "", 1, "", List.of("table-growth of " + table + " < 3x"), Map.of()));
        recorder.record(new Event.PhaseStarted(from, "warm-up"));
        try (ServerMonitor _monitor = ServerMonitor.start(source(), recorder)) {
            awaitSize("public." + table);
            recorder.record(new Event.PhaseStarted(recorder.nowNanos(), "update"));
            for (int i = 0; i < UPDATES; i++) {
                execute("UPDATE " + table + " SET n = n + 1, note = reverse(note)");
                if (!held) {
                    execute("VACUUM " + table);
                }
            }
            long done = recorder.nowNanos();
            awaitSize("public." + table);
            if (held) {
                awaitBloat("public." + table, done);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Judge.judge(recorder.events());
    }

    private void awaitBloat(String table, long after) {
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> recorder.events(Event.TableBloat.class).stream()
                        .anyMatch(bloat -> bloat.table().equals(table) && bloat.atNanos() > after));
    }

    /** Until the size that the table has now was recorded. */
    private void awaitSize(String table) throws SQLException {
        String heap = TestEnvironments.query(source(), "SELECT pg_relation_size('" + table + "')");
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> recorder.events(Event.TableSize.class).stream()
                        .anyMatch(size -> size.table().equals(table)
                                && Long.toString(size.heapBytes()).equals(heap)));
    }

    private static TableGrowth growth(Judgement judgement, String table) {
        return judgement.sizes().stream()
                .filter(each -> each.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private void fill(String table) throws SQLException {
        execute("CREATE TABLE " + table + " (id int PRIMARY KEY, n int, note text) WITH (autovacuum_enabled = off)");
        execute("ALTER TABLE " + table + " ALTER COLUMN note SET STORAGE EXTERNAL");
        execute("INSERT INTO " + table + " SELECT i, 0, repeat(md5(i::text), 100) FROM generate_series(1, 1000) i");
        execute("ANALYZE " + table);
    }

    private Server source() {
        return environment.source();
    }

    private void execute(String sql) throws SQLException {
        TestEnvironments.execute(source(), sql);
    }
}
