package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.pgrehearse.scenarios.environment.TestEnvironments.execute;
import static org.pgrehearse.scenarios.environment.TestEnvironments.query;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;

/** One server through everything that a rehearsal does to it. */
final class EmbeddedServerIT {
    private static final Machine MACHINE = Machine.detect();

    @TempDir
    private Path folder;

    private EmbeddedServer server;

    @BeforeEach
    void make_server() {
        server = new EmbeddedServer(plan(17, Map.of()), RandomGenerator.getDefault());
    }

    @AfterEach
    void close_server() {
        server.close();
    }

    @Test
    void settings_of_the_caller_are_stronger_than_those_of_a_rehearsal() throws SQLException {
        server = new EmbeddedServer(
                plan(15, Map.of("max_connections", "20", "shop.motto", "it's \\ 'quoted'", "port", "1")),
                RandomGenerator.getDefault());
        server.start();
        assertThat(query(server, "SHOW max_connections")).isEqualTo("20");
        assertThat(query(server, "SHOW shop.motto")).isEqualTo("it's \\ 'quoted'");
        assertThat(query(server, "SHOW wal_level")).isEqualTo("logical");
        assertThat(query(server, "SHOW fsync")).isEqualTo("on");
        assertThat(query(server, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(query(server, "SHOW lc_collate")).isIn("C.UTF-8", "C");
        assertThat(query(server, "SHOW unix_socket_directories")).isEmpty();
        assertThat(server.majorVersion()).isEqualTo(15);
        execute(server, "ALTER SYSTEM SET max_connections = 30");
        server.restart(StopMode.FAST);
        assertThat(query(server, "SHOW max_connections")).isEqualTo("30");
    }

    @Test
    void a_crash_keeps_what_was_committed_and_nothing_else() throws SQLException {
        server.start();
        int port = server.port();
        execute(server, "CREATE TABLE t (n integer)");
        execute(server, "INSERT INTO t SELECT generate_series(1, 10000)");
        try (Connection open = server.admin();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (0)");
            List<Long> children = Processes.children(server.pid());
            assertThat(children).hasSizeGreaterThan(3);
            server.kill();
            assertThat(server.isAlive()).isFalse();
            assertThat(children).noneMatch(Processes::alive);
        }
        assertThatThrownBy(server::admin).isInstanceOf(SQLException.class);
        server.start();
        assertThat(server.port()).isEqualTo(port);
        assertThat(query(server, "SELECT count(*) || ' ' || min(n) FROM t")).isEqualTo("10000 1");
        assertThat(server.log()).content().contains("database system was not properly shut down");
    }

    @Test
    void a_killed_server_leaves_no_shared_memory_once_it_is_closed() throws IOException {
        assumeThat(Path.of("/proc/sysvipc/shm"))
                .as("this system lists segments")
                .exists();
        server.start();
        String creator = " " + server.pid() + " ";
        server.kill();
        assertThat(Path.of("/proc/sysvipc/shm")).content().contains(creator);
        server.close();
        assertThat(Files.readString(Path.of("/proc/sysvipc/shm"))).doesNotContain(creator);
    }

    @Test
    void a_paused_server_keeps_its_connections_and_answers_later() throws Exception {
        server.start();
        try (Connection connection = server.admin();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String backend = query(connection, "SELECT pg_backend_pid()");
            server.pause();
            assertThat(server.isAlive()).isTrue();
            assertThat(Processes.children(server.pid())).allMatch(Processes::stopped);
            Future<String> answer = threads.submit(() -> query(connection, "SELECT pg_backend_pid()"));
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !answer.isDone());
            server.resume();
            assertThat(answer.get()).isEqualTo(backend);
        }
    }

    @Test
    void a_paused_server_can_be_stopped_and_closed() {
        server.start();
        server.pause();
        server.stop(StopMode.FAST);
        assertThat(server.isAlive()).isFalse();
        server.start();
        server.pause();
        server.close();
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void a_smart_stop_waits_for_sessions_as_long_as_it_may() throws SQLException {
        server.start();
        try (Connection connection = server.admin()) {
            assertThat(connection.isValid(5)).isTrue();
            assertThatThrownBy(() -> server.stop(StopMode.SMART, Duration.ofSeconds(1)))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessageStartingWith("Cannot stop target: still running 1 s after a smart stop."
                            + " Use a stronger mode. The end of its log:\n")
                    .hasMessageContaining("received smart shutdown request");
        }
        server.stop(StopMode.SMART);
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void an_immediate_stop_recovers_and_a_fast_one_does_not() throws IOException {
        server.start();
        server.restart(StopMode.FAST);
        assertThat(server.log()).content().doesNotContain("not properly shut down");
        server.restart(StopMode.IMMEDIATE);
        assertThat(Files.readString(server.log())).contains("not properly shut down");
    }

    @Test
    void a_server_that_cannot_start_says_why_in_its_own_words() {
        server = new EmbeddedServer(plan(17, Map.of("no_such_setting", "1")), RandomGenerator.getDefault());
        assertThatThrownBy(server::start)
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot start target: the server ended with exit code 1."
                        + " Correct what its log says and run again:\n")
                .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void a_server_that_does_not_answer_in_time_is_ended() {
        ClusterPlan hasty = plan(17, Map.of(), Duration.ofMillis(1));
        server = new EmbeddedServer(hasty, RandomGenerator.getDefault());
        assertThatThrownBy(server::start)
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot start target: no connection answered within 0 s.");
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void a_port_that_somebody_took_meanwhile_is_given_up_for_another() throws IOException, SQLException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Iterator<Integer> ports = Arrays.asList(taken.getLocalPort(), Ports.choose(RandomGenerator.getDefault()))
                    .iterator();
            server = new EmbeddedServer(plan(17, Map.of()), () -> ports.next());
            server.start();
            assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(query(server, "SHOW port")).isEqualTo(Integer.toString(server.port()));
        }
    }

    @Test
    void a_restart_never_moves_to_another_port() throws IOException, SQLException {
        server.start();
        int port = server.port();
        server.stop(StopMode.FAST);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(server::start)
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessageContaining("could not bind IPv4 address \"127.0.0.1\": Address already in use");
        }
        server.start();
        assertThat(server.port()).isEqualTo(port);
    }

    @Test
    void what_only_a_running_or_only_a_stopped_server_can_do_is_refused() {
        assertThatThrownBy(server::pause)
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot pause target: it is not running. Start it first.");
        server.start();
        assertThatThrownBy(server::start).hasMessage("Cannot start target: it is running. Stop it first.");
        server.close();
        assertThatThrownBy(server::start).hasMessage("Cannot start target: it is closed. Use a new environment.");
    }

    @Test
    void closing_ends_a_start_that_is_under_way() throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> start = threads.submit(server::start);
            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(1))
                    .until(server::isAlive);
            server.close();
            assertThatThrownBy(start::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("Cannot start target: it is closed. Use a new environment.");
            assertThat(server.isAlive()).isFalse();
        }
    }

    private ClusterPlan plan(int major, Map<String, String> settings) {
        return plan(major, settings, Duration.ofMinutes(1));
    }

    private ClusterPlan plan(int major, Map<String, String> settings, Duration startDeadline) {
        Installation installation = TestEnvironments.binaries(MACHINE.cache()).installation(major);
        return new ClusterPlan(
                Side.TARGET,
                installation,
                MACHINE.account(),
                "postgres",
                folder.resolve("data"),
                folder.resolve("target.log"),
                settings,
                true,
                startDeadline);
    }
}
