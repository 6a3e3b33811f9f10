package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Waiting;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Manner;

/** COMMITs cut at exact points on a real PostgreSQL, through its JDBC driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommitCutIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    CommitCutIT(@TempDir Path folder) throws IOException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(), System::nanoTime);
    }

    @BeforeAll
    void create() throws IOException {
        assertThat(control.proxies()
                        .create("app", "127.0.0.1:0", server.address())
                        .enabled())
                .isTrue();
        control.watch("app");
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

    @ParameterizedTest
    @CsvSource({
        "BEFORE_FORWARDING, CLOSE, 0",
        "BEFORE_FORWARDING, RESET, 0",
        "BEFORE_FORWARDING, SILENCE, 0",
        "AFTER_FORWARDING, CLOSE, 1",
        "AFTER_FORWARDING, SILENCE, 1",
        "ACKNOWLEDGEMENT_WITHHELD, CLOSE, 1",
        "ACKNOWLEDGEMENT_WITHHELD, RESET, 1",
        "ACKNOWLEDGEMENT_WITHHELD, SILENCE, 1",
        "BEFORE_READY, CLOSE, 1",
        "BEFORE_READY, RESET, 1",
        "BEFORE_READY, SILENCE, 1"
    })
    void the_truth_of_a_cut_is_known(CutPoint point, Manner manner, int committed) throws Exception {
        // A silent cut costs a second of waiting, so it is tried with the driver's defaults only.
        List<String> modes = manner == Manner.SILENCE
                ? List.of("")
                : List.of("", "&preferQueryMode=simple", "&prepareThreshold=0", "&sslmode=prefer");
        for (String mode : modes) {
            empty();
            cut(new Fault.CutCommit("app", point, manner, 1), mode);
            assertThat(ledger()).as("%s %s %s", point, manner, mode).isEqualTo(committed);
        }
    }

    @Test
    void a_reset_after_forwarding_leaves_either_truth_and_never_an_acknowledgement() throws Exception {
        cut(new Fault.CutCommit("app", CutPoint.AFTER_FORWARDING, Manner.RESET, 1), "");
        assertThat(ledger()).isBetween(0, 1);
    }

    @Test
    void a_driver_that_prepared_its_commit_earlier_is_cut_too() throws Exception {
        try (Connection connection = through("")) {
            connection.setAutoCommit(false);
            for (int token = 0; token < 10; token++) {
                insert(connection, token);
                connection.commit();
            }
            insert(connection, 11);
            try (Healing healing =
                    control.inject(new Fault.CutCommit("app", CutPoint.BEFORE_FORWARDING, Manner.CLOSE, 1))) {
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                        .isEqualTo("1 commits cut BEFORE_FORWARDING");
            }
        }
        assertQuiet();
        assertThat(ledger()).isEqualTo(10);
    }

    @Test
    void a_rollback_is_no_bite_and_after_healing_commits_pass() throws Exception {
        try (Connection connection = through("")) {
            connection.setAutoCommit(false);
            try (Healing healing =
                    control.inject(new Fault.CutCommit("app", CutPoint.ACKNOWLEDGEMENT_WITHHELD, Manner.CLOSE, 1))) {
                insert(connection, 1);
                connection.rollback();
                assertThat(healing.bite()).isEmpty();
                assertThat(control.remainingFaults()).containsExactly("orders at points of the protocol on proxy app");
            }
            insert(connection, 2);
            connection.commit();
        }
        assertThat(ledger()).isEqualTo(1);
        control.assertNoFaultRemains();
    }

    @Test
    void a_proxy_that_is_not_watched_cannot_cut() throws IOException {
        assertThat(control.proxies()
                        .create("other", "127.0.0.1:0", server.address())
                        .enabled())
                .isTrue();
        assertThatThrownBy(() -> control.inject(new Fault.CutCommit("other", CutPoint.BEFORE_READY, Manner.CLOSE, 1)))
                .isInstanceOf(CannotInject.class)
                .hasMessage("Cannot inject cut-commit at other: its connections are not watched."
                        + " Watch them before the load connects.");
        assertThatThrownBy(() -> control.watch("nowhere"))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot watch proxy \"nowhere\": proxy not found. Create it first.");
        FaultControl remote = FaultControl.remote(proxy.apiAddress(), List.of(), System::nanoTime);
        assertThatThrownBy(() -> remote.watch("app"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not know PostgreSQL");
    }

    private void cut(Fault.CutCommit fault, String mode) throws Exception {
        try (Connection connection = through(mode)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            try (Healing healing = control.inject(fault)) {
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                assertThat(healing.awaitBite(SOON)).as("%s %s", fault, mode).isPresent();
            }
        }
        assertQuiet();
        control.assertNoFaultRemains();
    }

    private static void insert(Connection connection, int token) throws SQLException {
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

    private Connection through(String mode) throws SQLException, IOException {
        int port = control.proxies().proxy("app").listenAddress().getPort();
        return TestServer.connect(port, mode + "&socketTimeout=1&loginTimeout=5");
    }
}
