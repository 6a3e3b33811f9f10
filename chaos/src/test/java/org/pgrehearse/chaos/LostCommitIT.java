package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Waiting;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;

/**
 * The pair of faults that look the same and mean the opposite: a request for a COMMIT that got lost, and an
 * acknowledgement that did. {@code -Dwire.commits=200} tries more of each than usual.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostCommitIT {
    private static final int COMMITS = Integer.getInteger("wire.commits", 20);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    LostCommitIT(@TempDir Path folder) throws IOException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(), System::nanoTime);
    }

    @BeforeAll
    void create() throws IOException, SQLException {
        assertThat(control.proxies()
                        .create("app", "127.0.0.1:0", server.address())
                        .enabled())
                .isTrue();
        control.watch("app");
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement()) {
            statement.execute("CREATE TABLE ledger (fault text, token int)");
        }
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void the_client_sees_the_same_and_the_truth_is_the_opposite() throws Exception {
        Set<String> requestLost = outcomes(CutPoint.BEFORE_FORWARDING);
        Set<String> acknowledgementLost = outcomes(CutPoint.ACKNOWLEDGEMENT_WITHHELD);
        Waiting.until(() -> number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        + " AND pid <> pg_backend_pid()")
                == 0);
        assertThat(requestLost).isEqualTo(acknowledgementLost).containsExactly("unknown 08006");
        assertThat(tokens(CutPoint.BEFORE_FORWARDING)).isEmpty();
        assertThat(tokens(CutPoint.ACKNOWLEDGEMENT_WITHHELD))
                .isEqualTo(IntStream.range(0, COMMITS).boxed().collect(Collectors.toSet()));
        control.assertNoFaultRemains();
    }

    /** What the client was told, each time: whether it may have committed. */
    private Set<String> outcomes(CutPoint point) throws Exception {
        Set<String> outcomes = new HashSet<>();
        Order order = new Order(new Point.Commit(point), new Whom.All(), new Action.Close(), Turns.everyNth(1));
        try (Healing healing = control.inject(new Fault.AtPoint("app", order))) {
            for (int token = 0; token < COMMITS; token++) {
                outcomes.add(outcome(point, token));
            }
            assertThat(healing.bite().orElseThrow().evidence()).startsWith(COMMITS + " times close");
        }
        return outcomes;
    }

    private String outcome(CutPoint point, int token) throws SQLException, IOException {
        int port = control.proxies().proxy("app").listenAddress().getPort();
        try (Connection connection = TestServer.connect(port, "&socketTimeout=20");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO ledger VALUES ('" + point + "', " + token + ")");
            try {
                connection.commit();
                return "acknowledged";
            } catch (SQLException e) {
                // Class 08: the connection was lost, and with it the answer.
                return (e.getSQLState().startsWith("08") ? "unknown " : "failed ") + e.getSQLState();
            }
        }
    }

    private Set<Integer> tokens(CutPoint point) throws SQLException {
        Set<Integer> tokens = new HashSet<>();
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery("SELECT token FROM ledger WHERE fault = '" + point + "'")) {
            while (rows.next()) {
                assertThat(tokens.add(rows.getInt(1))).isTrue();
            }
        }
        return tokens;
    }

    private int number(String query) throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }
}
