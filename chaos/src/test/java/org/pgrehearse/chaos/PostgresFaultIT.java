package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Waiting;

/** Faults as an application on a real PostgreSQL meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresFaultIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int COMMITS = 25;

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    PostgresFaultIT(@TempDir Path folder) throws IOException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
    }

    @BeforeAll
    void create() throws IOException {
        assertThat(control.proxies()
                        .create("app", "127.0.0.1:0", server.address())
                        .enabled())
                .isTrue();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS ledger");
            statement.execute("CREATE TABLE ledger (token int)");
        }
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void refuse() throws Exception {
        try (Connection open = through()) {
            try (Healing healing = control.inject(new Fault.Refuse("app"))) {
                assertThatThrownBy(() -> select(open)).isInstanceOf(SQLException.class);
                assertThatThrownBy(this::through).rootCause().isInstanceOf(ConnectException.class);
                assertThat(healing.bite()).isPresent();
            }
        }
        assertHealed();
    }

    @Test
    void reset() throws Exception {
        try (Connection open = through()) {
            try (Healing healing = control.inject(new Fault.Reset("app"))) {
                assertThat(healing.awaitBite(SOON)).isPresent();
                assertThatThrownBy(() -> select(open))
                        .rootCause()
                        .isInstanceOf(SocketException.class)
                        .hasMessageStartingWith("Connection reset");
                assertThatThrownBy(this::through).isInstanceOf(SQLException.class);
            }
        }
        assertHealed();
    }

    @Test
    void latency() throws Exception {
        try (Connection open = through()) {
            Duration delay = Duration.ofMillis(80);
            try (Healing healing = control.inject(new Fault.Latency("app", delay, Duration.ZERO, Direction.BOTH))) {
                long start = System.nanoTime();
                assertThat(select(open)).isEqualTo(1);
                assertThat(System.nanoTime() - start)
                        .isGreaterThanOrEqualTo(delay.multipliedBy(2).toNanos());
                assertThat(healing.bite()).isPresent();
            }
            assertThat(select(open)).isEqualTo(1);
        }
        assertHealed();
    }

    @Test
    void blackhole() throws Exception {
        try (Connection open = through()) {
            try (Healing healing = control.inject(new Fault.Blackhole("app", Direction.BOTH))) {
                assertThatThrownBy(() -> select(open)).rootCause().isInstanceOf(SocketTimeoutException.class);
                assertThat(healing.bite()).isPresent();
            }
        }
        assertHealed();
    }

    @Test
    void a_request_that_is_lost_never_commits() throws Exception {
        for (int token = 0; token < COMMITS; token++) {
            loseCommit(token, new Fault.LimitData("app", 0, Direction.UPSTREAM));
        }
        assertQuiet();
        assertThat(ledger()).isZero();
        assertHealed();
    }

    @Test
    void a_commit_whose_acknowledgement_is_lost_has_happened() throws Exception {
        for (int token = 0; token < COMMITS; token++) {
            loseCommit(token, new Fault.LimitData("app", 0, Direction.DOWNSTREAM));
        }
        assertQuiet();
        assertThat(ledger()).isEqualTo(COMMITS);
        assertHealed();
    }

    @Test
    void a_commit_that_vanishes_silently_on_the_way_never_happened() throws Exception {
        loseCommit(1, new Fault.Blackhole("app", Set.of(Direction.UPSTREAM)));
        assertQuiet();
        assertThat(ledger()).isZero();
    }

    @Test
    void a_commit_whose_acknowledgement_vanishes_silently_has_happened() throws Exception {
        loseCommit(1, new Fault.Blackhole("app", Set.of(Direction.DOWNSTREAM)));
        assertQuiet();
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void pause() throws Exception {
        try (Connection open = through();
                Connection other = through()) {
            try (Healing healing = control.inject(new Fault.Pause("target"))) {
                assertThat(healing.awaitBite(SOON)).isPresent();
                assertThatThrownBy(() -> select(open)).rootCause().isInstanceOf(SocketTimeoutException.class);
                assertThat(control.remainingFaults()).contains("stopped server target");
            }
            assertThat(select(other)).isEqualTo(1);
        }
        assertHealed();
    }

    @Test
    void kill() throws Exception {
        try (Connection open = through()) {
            insert(open, 1);
            open.commit();
            insert(open, 2);
            try (Healing healing = control.inject(new Fault.Kill("target"))) {
                assertThat(healing.awaitBite(SOON)).isPresent();
                assertThatThrownBy(() -> select(open)).isInstanceOf(SQLException.class);
            }
        }
        assertHealed();
        assertThat(ledger()).isEqualTo(1);
    }

    private void loseCommit(int token, Fault fault) throws Exception {
        try (Connection connection = through()) {
            insert(connection, token);
            try (Healing healing = control.inject(fault)) {
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                assertThat(healing.awaitBite(SOON)).isPresent();
            }
        }
    }

    private static void insert(Connection connection, int token) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO ledger VALUES (" + token + ")");
        }
    }

    /** Nobody is left who could still commit. */
    private void assertQuiet() {
        Waiting.until(() -> number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        + " AND pid <> pg_backend_pid()")
                == 0);
    }

    private int ledger() throws SQLException {
        return number("SELECT count(*) FROM ledger");
    }

    private int number(String query) throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    private static int select(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    private Connection through() throws SQLException {
        try {
            int port = control.proxies().proxy("app").listenAddress().getPort();
            return TestServer.connect(port, "&socketTimeout=1&loginTimeout=5");
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private void assertHealed() throws Exception {
        control.assertNoFaultRemains();
        try (Connection connection = through()) {
            assertThat(select(connection)).isEqualTo(1);
        }
    }
}
