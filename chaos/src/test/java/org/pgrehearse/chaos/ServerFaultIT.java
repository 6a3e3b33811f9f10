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
import org.pgrehearse.chaos.server.LockMode;
import org.pgrehearse.chaos.server.Sessions;
import org.pgrehearse.chaos.server.StopMode;

/** Faults of one real server, each with a twin in which it does not bite or is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServerFaultIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BRIEFLY = Duration.ofMillis(300);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    ServerFaultIT(@TempDir Path folder) throws IOException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
    }

    @BeforeEach
    void empty() throws SQLException {
        execute(
                "DROP TABLE IF EXISTS item CASCADE", "DROP SEQUENCE IF EXISTS numbers",
                "CREATE TABLE item (id int PRIMARY KEY, name text)", "CREATE SEQUENCE numbers");
    }

    @AfterEach
    void nothing_remains() throws CannotHeal {
        control.assertNoFaultRemains();
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void a_fast_stop_ends_the_server_and_healing_starts_it() throws Exception {
        long before = server.pid();
        try (Healing healing = control.inject(new ServerFault.Stop("target", StopMode.FAST))) {
            assertThat(evidence(healing)).isEqualTo("process " + before + " ended by itself after SIGINT");
            assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
            assertThat(control.remainingFaults()).contains("dead server target");
        }
        assertThat(server.pid()).isNotEqualTo(before);
    }

    @Test
    void an_immediate_stop_keeps_what_was_committed() throws Exception {
        execute("INSERT INTO item VALUES (1, 'kept')");
        try (Healing healing = control.inject(new ServerFault.Stop("target", StopMode.IMMEDIATE))) {
            assertThat(evidence(healing)).endsWith("ended by itself after SIGQUIT");
        }
        assertThat(number("SELECT count(*) FROM item")).isEqualTo(1);
    }

    @Test
    void a_smart_stop_does_not_bite_while_a_session_lives_and_does_once_it_ends() throws Exception {
        Connection session = server.connect();
        try (Healing healing = control.inject(new ServerFault.Stop("target", StopMode.SMART))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
            assertThatThrownBy(server::connect).hasMessageContaining("shutting down");
            session.close();
            assertThat(evidence(healing)).endsWith("ended by itself after SIGTERM");
        }
    }

    @Test
    void a_smart_stop_that_never_ended_never_bit_and_is_healed_all_the_same() throws Exception {
        try (Connection session = server.connect()) {
            Healing healing = control.inject(new ServerFault.Stop("target", StopMode.SMART));
            healing.close();
            assertThat(healing.bite()).isEmpty();
            assertThat(session.isValid(1)).isFalse();
        }
    }

    @Test
    void a_restart_gives_the_server_another_process() throws Exception {
        long before = server.pid();
        try (Healing healing = control.inject(new ServerFault.Restart("target", StopMode.FAST))) {
            assertThat(evidence(healing)).startsWith("process " + before + " ended");
            assertThat(server.pid()).isNotEqualTo(before);
        }
        assertThatThrownBy(() -> new ServerFault.Restart("target", StopMode.SMART))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_killed_backend_takes_every_session_with_it_but_not_the_server() throws Exception {
        long before = server.pid();
        try (Connection bystander = server.connect();
                Healing healing = control.inject(new ServerFault.KillBackend("target"))) {
            assertThat(evidence(healing)).contains("killed; the server ended every session and recovered");
            assertThat(bystander.isValid(1)).isFalse();
        }
        assertThat(server.pid()).isEqualTo(before);
    }

    @Test
    void sessions_are_ended_by_user_database_and_application_and_no_others() throws Exception {
        for (Sessions sessions : List.of(
                new Sessions.OfUser("victim"),
                new Sessions.OfDatabase("victims"),
                new Sessions.OfApplication("victim"))) {
            execute(
                    "DROP DATABASE IF EXISTS victims", "DROP ROLE IF EXISTS victim",
                    "CREATE ROLE victim LOGIN", "CREATE DATABASE victims");
            try (Connection victim = TestServer.connect(server.port(), "victim", "victim", "victims");
                    Connection bystander = server.connect();
                    Healing healing = control.inject(new ServerFault.Terminate("target", sessions))) {
                assertThat(evidence(healing)).startsWith("1 sessions ended");
                assertThat(victim.isValid(1)).isFalse();
                assertThat(bystander.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void an_end_of_sessions_that_are_not_there_does_not_bite() throws Exception {
        for (Sessions nobody :
                List.of(new Sessions.OfUser("nobody"), new Sessions.Walsenders(), new Sessions.ApplyWorkers())) {
            Healing healing = control.inject(new ServerFault.Terminate("target", nobody));
            healing.close();
            assertThat(healing.bite()).isEmpty();
        }
    }

    @Test
    void a_lock_bites_when_somebody_waits_for_it_and_is_gone_when_healed() throws Exception {
        try (Connection other = server.connect()) {
            try (Healing healing =
                    control.inject(new ServerFault.HoldLock("target", "item", LockMode.ACCESS_EXCLUSIVE))) {
                assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
                Thread waiting = Thread.ofVirtual().start(() -> count(other));
                assertThat(evidence(healing)).startsWith("1 requests for locks waited for session");
                assertThat(waiting.isAlive()).isTrue();
                assertThat(control.remainingFaults())
                        .hasSize(1)
                        .first()
                        .asString()
                        .startsWith("session");
            }
            assertThat(number("SELECT count(*) FROM item")).isZero();
        }
    }

    @Test
    void a_weak_lock_hinders_no_reader() throws Exception {
        Healing healing = control.inject(new ServerFault.HoldLock("target", "item", LockMode.SHARE));
        assertThat(number("SELECT count(*) FROM item")).isZero();
        healing.close();
        assertThat(healing.bite()).isEmpty();
    }

    @Test
    void a_lock_on_a_table_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> control.inject(new ServerFault.HoldLock("target", "nothing", LockMode.SHARE)))
                .isInstanceOf(CannotInject.class)
                .hasMessageStartingWith("Cannot inject hold-lock at target: ERROR: relation \"nothing\"")
                .hasMessageEndingWith("(42P01)");
    }

    @Test
    void a_long_transaction_holds_the_horizon_once_others_go_by() throws Exception {
        try (Healing healing = control.inject(new ServerFault.LongTransaction("target"))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
            execute("INSERT INTO item VALUES (1, 'x')");
            assertThat(evidence(healing)).contains("holds xmin").endsWith("1 transactions went by");
        }
    }

    @Test
    void an_idle_writer_keeps_its_row_from_others() throws Exception {
        execute("INSERT INTO item VALUES (1, 'x')");
        try (Connection other = server.connect()) {
            try (Healing healing =
                    control.inject(new ServerFault.IdleWriter("target", "UPDATE item SET name = 'y' WHERE id = 1"))) {
                assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
                Thread waiting = Thread.ofVirtual().start(() -> run(other, "UPDATE item SET name = 'z'"));
                assertThat(evidence(healing)).contains("; 1 requests for locks waited");
                assertThat(waiting.isAlive()).isTrue();
            }
            await().dontCatchUncaughtExceptions()
                    .atMost(SOON)
                    .until(() -> number("SELECT count(*) FROM item WHERE name = 'z'") == 1);
        }
    }

    @Test
    void a_prepared_transaction_stays_until_it_is_rolled_back() throws Exception {
        try (Healing healing =
                control.inject(new ServerFault.PreparedTransaction("target", "INSERT INTO item VALUES (7, 'x')"))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
            assertThat(number("SELECT count(*) FROM pg_prepared_xacts")).isEqualTo(1);
            assertThat(control.remainingFaults()).hasSize(1).allMatch(trace -> trace.startsWith("prepared"));
            execute("INSERT INTO item VALUES (8, 'x')");
            assertThat(evidence(healing)).endsWith("stays open while 1 others went by");
        }
        assertThat(number("SELECT count(*) FROM pg_prepared_xacts")).isZero();
        assertThat(number("SELECT count(*) FROM item")).isEqualTo(1);
    }

    @Test
    void a_change_of_the_schema_is_seen_in_the_catalogue_and_undone() throws Exception {
        try (Healing healing = control.inject(new ServerFault.ChangeSchema(
                "target", "ALTER TABLE item ADD note int", "ALTER TABLE item DROP note"))) {
            assertThat(evidence(healing))
                    .isEqualTo("1 facts of the catalogue changed, the first: column public.item note integer false ");
        }
        assertThat(number("SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass"
                        + " AND attnum > 0 AND NOT attisdropped"))
                .isEqualTo(2);
    }

    @Test
    void a_statement_that_changes_nothing_does_not_bite() throws Exception {
        Healing healing = control.inject(
                new ServerFault.ChangeSchema("target", "CREATE TABLE IF NOT EXISTS item (id int)", "SELECT 1"));
        healing.close();
        assertThat(healing.bite()).isEmpty();
    }

    @Test
    void a_schema_that_its_undo_does_not_restore_cannot_be_healed() throws Exception {
        Healing healing =
                control.inject(new ServerFault.ChangeSchema("target", "ALTER TABLE item ADD note int", "SELECT 1"));
        assertThatThrownBy(healing::close)
                .isInstanceOf(CannotHeal.class)
                .hasMessageContaining("the catalogue is not as it was before");
    }

    @Test
    void a_sequence_goes_back_when_nobody_drew_a_number() throws Exception {
        assertThat(number("SELECT nextval('numbers')")).isEqualTo(1);
        Healing healing = control.inject(new ServerFault.SequenceJump("target", "numbers", 1000));
        assertThat(number("SELECT last_value FROM numbers")).isEqualTo(1001);
        healing.close();
        assertThat(healing.bite()).isEmpty();
        assertThat(healing.damage()).isEmpty();
        assertThat(number("SELECT nextval('numbers')")).isEqualTo(2);
    }

    @Test
    void a_sequence_stays_where_it_is_once_somebody_drew_a_number() throws Exception {
        assertThat(number("SELECT nextval('numbers')")).isEqualTo(1);
        Healing healing = control.inject(new ServerFault.SequenceJump("target", "numbers", 1000));
        assertThat(number("SELECT nextval('numbers')")).isEqualTo(1002);
        assertThat(evidence(healing)).endsWith("the last 1002");
        healing.close();
        assertThat(healing.damage())
                .contains("sequence public.numbers stays at 1002: numbers were drawn since it jumped from 1");
        assertThat(number("SELECT nextval('numbers')")).isEqualTo(1003);
    }

    @Test
    void processes_press_on_the_processors_and_end() throws Exception {
        try (Healing healing = control.inject(new ServerFault.CpuPressure("target", 2))) {
            assertThat(evidence(healing)).startsWith("2 processes used");
            assertThat(control.remainingFaults()).isNotEmpty().allMatch(trace -> trace.endsWith("the processors"));
        }
        assertThatThrownBy(() -> new ServerFault.CpuPressure("target", 65))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_file_presses_on_the_disk_and_is_removed() throws Exception {
        Path file = server.data().orElseThrow().resolve("pgrehearse-pressure");
        try (Healing healing = control.inject(new ServerFault.IoPressure("target", 1 << 20))) {
            assertThat(evidence(healing)).endsWith("bytes written and synced");
            assertThat(file).exists();
            assertThat(control.remainingFaults()).containsExactly("file " + file);
        }
        assertThat(file).doesNotExist();
    }

    private static String evidence(Healing healing) throws InterruptedException {
        return healing.awaitBite(SOON).orElseThrow().evidence();
    }

    private static void count(Connection connection) {
        run(connection, "SELECT count(*) FROM item");
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
