package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.Sessions;

/** Faults of logical replication between two real servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplicationFaultIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration BRIEFLY = Duration.ofMillis(300);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer source;
    private final TestServer target;
    private final FaultControl control;

    ReplicationFaultIT(@TempDir Path folder) throws IOException {
        source = new TestServer("source", folder.resolve("source"));
        target = new TestServer("target", folder.resolve("target"));
        control = FaultControl.embedded(proxy, List.of(source, target), System::nanoTime);
    }

    @BeforeEach
    void replicate() throws SQLException {
        for (TestServer server : List.of(source, target)) {
            execute(
                    server,
                    "DROP TABLE IF EXISTS item",
                    "CREATE TABLE item (id int PRIMARY KEY, name text, twice int GENERATED ALWAYS AS (id * 2) STORED)");
        }
        execute(source, "INSERT INTO item VALUES (1, 'first')", "CREATE PUBLICATION movement FOR TABLE item");
        execute(
                target,
                "CREATE SUBSCRIPTION movement CONNECTION 'host=127.0.0.1 port=" + source.port()
                        + " dbname=postgres user=postgres' PUBLICATION movement");
        awaitItems(1);
    }

    @AfterEach
    void end() throws SQLException, CannotHeal {
        control.assertNoFaultRemains();
        execute(
                target,
                "ALTER SUBSCRIPTION movement DISABLE",
                "ALTER SUBSCRIPTION movement SET (slot_name = NONE)",
                "DROP SUBSCRIPTION movement");
        execute(
                source,
                "DROP PUBLICATION movement",
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL");
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> number(source, "SELECT count(*) FROM pg_replication_slots WHERE active") == 0);
        execute(source, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        target.close();
        source.close();
    }

    @Test
    void a_walsender_that_is_ended_comes_back_and_nothing_is_lost() throws Exception {
        try (Healing healing = control.inject(new ServerFault.Terminate("source", new Sessions.Walsenders()))) {
            assertThat(evidence(healing)).startsWith("1 sessions ended");
        }
        execute(source, "INSERT INTO item VALUES (2, 'second')");
        awaitItems(2);
    }

    @Test
    void an_apply_worker_that_is_ended_comes_back_and_nothing_is_lost() throws Exception {
        try (Healing healing = control.inject(new ServerFault.Terminate("target", new Sessions.ApplyWorkers()))) {
            assertThat(evidence(healing)).startsWith("1 sessions ended");
        }
        execute(source, "INSERT INTO item VALUES (2, 'second')");
        awaitItems(2);
    }

    @Test
    void a_dropped_slot_stays_dropped() throws Exception {
        Healing healing = control.inject(new ServerFault.DropSlot("source", "movement"));
        assertThat(evidence(healing)).isEqualTo("slot movement is gone");
        assertThat(healing.damage()).isEmpty();
        healing.close();
        assertThat(healing.damage()).contains("slot movement stays dropped; its subscriber needs a new copy");
        assertThat(number(source, "SELECT count(*) FROM pg_replication_slots")).isZero();
    }

    @Test
    void a_slot_loses_its_wal_and_the_setting_is_as_it_was() throws Exception {
        Healing healing = control.inject(new ServerFault.InvalidateSlot("source", "movement"));
        assertThat(evidence(healing)).isEqualTo("slot movement has the status lost");
        healing.close();
        assertThat(healing.damage()).contains("slot movement stays invalid; its subscriber needs a new copy");
        assertThat(number(source, "SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'"))
                .isEqualTo(-1);
        execute(source, "INSERT INTO item VALUES (2, 'never arrives')");
        assertThat(number(source, "SELECT count(*) FROM pg_stat_replication")).isZero();
    }

    @Test
    void a_slot_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> control.inject(new ServerFault.DropSlot("source", "none")))
                .isInstanceOf(CannotInject.class)
                .hasMessage("Cannot inject drop-slot at source: there is no replication slot \"none\"."
                        + " See pg_replication_slots.");
        assertThatThrownBy(() -> control.inject(new ServerFault.InvalidateSlot("source", "none")))
                .isInstanceOf(CannotInject.class);
    }

    @Test
    void wal_that_a_slot_still_needs_is_removed() throws Exception {
        execute(target, "ALTER SUBSCRIPTION movement DISABLE");
        for (int i = 2; i < 5; i++) {
            execute(source, "INSERT INTO item VALUES (" + i + ", 'late')", "SELECT pg_switch_wal()");
        }
        Healing healing = control.inject(new ServerFault.RemoveWal("source"));
        assertThat(evidence(healing)).contains("segments removed; slot movement needs ");
        healing.close();
        assertThat(healing.damage().orElseThrow()).contains("segments of WAL stay removed, from ");
        assertThat(source.connect().isValid(1)).isTrue();
    }

    @Test
    void a_removal_of_wal_that_no_slot_needs_does_not_bite() throws Exception {
        execute(target, "ALTER SUBSCRIPTION movement DISABLE");
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> number(source, "SELECT count(*) FROM pg_replication_slots WHERE active") == 0);
        execute(source, "SELECT pg_drop_replication_slot('movement')");
        Healing healing = control.inject(new ServerFault.RemoveWal("source"));
        healing.close();
        assertThat(healing.bite()).isEmpty();
        assertThat(healing.damage()).isEmpty();
    }

    @Test
    void a_conflicting_row_stops_the_apply_worker_until_it_is_removed() throws Exception {
        try (Healing healing = control.inject(new ServerFault.ConflictRow("target", "item", 1))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
            execute(source, "INSERT INTO item VALUES (2, 'second')");
            assertThat(evidence(healing))
                    .endsWith("errors of apply workers since a row with the key 2 stands in public.item");
            assertThat(number(target, "SELECT count(*) FROM item WHERE name = 'second'"))
                    .isZero();
        }
        awaitItems(2);
        assertThat(number(target, "SELECT count(*) FROM item WHERE name = 'second'"))
                .isEqualTo(1);
    }

    @Test
    void a_conflicting_row_that_nothing_meets_does_not_bite_and_leaves_no_row() throws Exception {
        Healing healing = control.inject(new ServerFault.ConflictRow("target", "item", 1000));
        execute(source, "INSERT INTO item VALUES (2, 'second')");
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> number(target, "SELECT count(*) FROM item WHERE id = 2") == 1);
        healing.close();
        assertThat(healing.bite()).isEmpty();
        assertThat(number(target, "SELECT count(*) FROM item")).isEqualTo(2);
    }

    @Test
    void a_conflicting_row_that_others_changed_is_left_to_them() throws Exception {
        Healing healing = control.inject(new ServerFault.ConflictRow("target", "item", 1000));
        execute(target, "UPDATE item SET name = 'theirs' WHERE id = 1001");
        healing.close();
        assertThat(healing.damage())
                .contains("the row with the key 1001 in public.item was changed or removed by others");
        assertThat(number(target, "SELECT count(*) FROM item WHERE name = 'theirs'"))
                .isEqualTo(1);
    }

    @Test
    void a_conflict_by_statement_bites_and_is_undone() throws Exception {
        try (Healing healing = control.inject(new ServerFault.ConflictStatement(
                "target", "ALTER TABLE item RENAME TO hidden", "ALTER TABLE hidden RENAME TO item"))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
            execute(source, "INSERT INTO item VALUES (2, 'second')");
            assertThat(evidence(healing)).endsWith("errors of apply workers");
        }
        awaitItems(2);
    }

    @Test
    void a_conflict_without_a_subscription_is_refused() {
        assertThatThrownBy(() -> control.inject(new ServerFault.ConflictRow("source", "item", 1)))
                .hasMessageContaining("it has no enabled subscription to conflict with");
    }

    private void awaitItems(int count) {
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> number(target, "SELECT count(*) FROM item") == count
                        && number(target, "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'") == 0);
    }

    private static String evidence(Healing healing) throws InterruptedException {
        return healing.awaitBite(SOON).orElseThrow().evidence();
    }

    private static void execute(TestServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(TestServer server, String query) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
