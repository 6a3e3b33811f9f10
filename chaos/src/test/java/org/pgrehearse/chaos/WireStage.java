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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;

/** A server behind a proxy that is watched, and a table that tells what reached it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WireStage {
    static final Whom ANYONE = new Whom.All();
    static final Action CLOSE = new Action.Close();
    static final String FAIL = "40001";

    final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    final FaultControl control;

    WireStage(@TempDir Path folder) throws IOException {
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
            statement.execute("CREATE TABLE ledger (token int, filler text)");
        }
    }

    /** Whatever happened, nothing of it is left: a new connection works. */
    @AfterEach
    void assertHealed() throws Exception {
        control.assertNoFaultRemains();
        try (Connection connection = through("")) {
            insert(connection, 99);
        }
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    Healing inject(Point point, Action action) throws CannotInject {
        return control.inject(new Fault.AtPoint("app", new Order(point, ANYONE, action, Turns.once())));
    }

    static void assertBites(Healing healing, String evidence) {
        assertThat(healing.bite().orElseThrow().evidence()).isEqualTo(evidence);
        assertThat(healing.unseen()).isEmpty();
    }

    static void insert(Connection connection, int token) throws SQLException {
        run(connection, "INSERT INTO ledger VALUES (" + token + ")");
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    int ledger() throws SQLException {
        return number("SELECT count(*) FROM ledger");
    }

    int sessions() throws SQLException {
        return number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND pid <> pg_backend_pid()");
    }

    int number(String query) throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    Connection through(String options) throws SQLException, IOException {
        int port = control.proxies().proxy("app").listenAddress().getPort();
        return TestServer.connect(port, options + (options.contains("socketTimeout") ? "" : "&socketTimeout=20"));
    }
}
