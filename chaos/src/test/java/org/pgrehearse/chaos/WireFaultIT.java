package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Waiting;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;
import org.postgresql.PGConnection;

/** Every point outside of replication and every action, on a real PostgreSQL through its JDBC driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WireFaultIT {
    private static final Whom ANYONE = new Whom.All();
    private static final Action CLOSE = new Action.Close();
    private static final String SIMPLE = "&preferQueryMode=simple";
    private static final String EXTENDED = "&prepareThreshold=1";
    private static final String FAIL = "40001";
    private static final Duration PAUSE = Duration.ofMillis(400);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    WireFaultIT(@TempDir Path folder) throws IOException {
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

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void a_statement_that_matches_is_cut_and_never_reaches_the_server(String mode) throws Exception {
        try (Connection connection = through(mode);
                Healing healing = inject(Point.Statement.matching("into\\s+ledger"), CLOSE)) {
            run(connection, "SELECT 1");
            assertThat(healing.bite()).isEmpty();
            assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
            assertBites(healing, "1 times close before a statement with \"into\\s+ledger\", any connection");
        }
        assertThat(ledger()).isZero();
    }

    @Test
    void a_statement_that_was_prepared_before_the_fault_came_is_found_by_its_name() throws Exception {
        try (Connection connection = through("&prepareThreshold=1");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?)")) {
            for (int token = 1; token <= 5; token++) {
                insert.setInt(1, token);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            try (Healing healing = inject(Point.Statement.matching("into ledger"), new Action.Fail(FAIL))) {
                SQLException told = catchThrowableOfType(SQLException.class, insert::executeUpdate);
                assertThat(told.getSQLState()).isEqualTo(FAIL);
                assertThat(healing.bite()).isPresent();
            }
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        assertThat(ledger()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void a_failure_outside_of_a_transaction_leaves_the_connection_usable(String mode) throws Exception {
        try (Connection connection = through(mode);
                Healing healing = inject(Point.Statement.matching("ledger"), new Action.Fail("53300"))) {
            SQLException told = catchThrowableOfType(SQLException.class, () -> insert(connection, 1));
            assertThat(told.getSQLState()).isEqualTo("53300");
            assertThat(told.getMessage()).contains("failure injected by pgrehearse");
            assertBites(healing, "1 times failure with 53300 before a statement with \"ledger\", any connection");
            insert(connection, 2);
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void a_failure_inside_of_a_transaction_aborts_it_on_the_server_too(String mode) throws Exception {
        try (Connection connection = through(mode)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            try (Healing healing = inject(Point.Statement.matching("VALUES \\(2"), new Action.Fail(FAIL))) {
                SQLException told = catchThrowableOfType(SQLException.class, () -> insert(connection, 2));
                assertThat(told.getSQLState()).isEqualTo(FAIL);
                assertThat(healing.bite()).isPresent();
            }
            // The server says so itself, and the driver believes it.
            SQLException aborted = catchThrowableOfType(SQLException.class, () -> insert(connection, 3));
            assertThat(aborted.getSQLState()).isEqualTo("25P02");
            connection.rollback();
            insert(connection, 4);
            connection.commit();
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void a_failed_commit_did_not_commit(String mode) throws Exception {
        try (Connection connection = through(mode)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            try (Healing healing =
                    inject(new Point.Commit(CutPoint.BEFORE_FORWARDING), new Action.Fail(FAIL))) {
                SQLException told = catchThrowableOfType(SQLException.class, connection::commit);
                assertThat(told.getSQLState()).isEqualTo(FAIL);
                assertThat(healing.bite()).isPresent();
            }
            connection.rollback();
            insert(connection, 2);
            connection.commit();
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void a_failure_in_a_pipeline_fails_what_follows_and_nothing_before() throws Exception {
        try (Connection connection = through("");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?)")) {
            connection.setAutoCommit(false);
            for (int token = 0; token < 10; token++) {
                insert.setInt(1, token);
                insert.addBatch();
            }
            Order fourth = new Order(
                    Point.Statement.matching("into ledger"), ANYONE, new Action.Fail(FAIL), new Turns(4, 1));
            try (Healing healing = control.inject(new Fault.AtPoint("app", fourth))) {
                SQLException told = catchThrowableOfType(SQLException.class, insert::executeBatch);
                assertThat(told.getSQLState()).isEqualTo(FAIL);
                assertThat(healing.bite()).isPresent();
            }
            connection.rollback();
            insert(connection, 50);
            connection.commit();
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void a_terminated_client_is_told_so(String mode) throws Exception {
        try (Connection connection = through(mode);
                Healing healing = inject(Point.Statement.matching("ledger"), new Action.Terminate())) {
            SQLException told = catchThrowableOfType(SQLException.class, () -> insert(connection, 1));
            assertThat(told.getSQLState()).isEqualTo("57P01");
            assertThat(told.getMessage()).contains("terminating connection due to administrator command");
            assertBites(healing, "1 times termination before a statement with \"ledger\", any connection");
        }
        assertThat(ledger()).isZero();
    }

    @Test
    void a_delay_holds_a_statement_back_and_then_runs_it() throws Exception {
        try (Connection connection = through("");
                Healing healing = inject(Point.Statement.matching("ledger"), new Action.Delay(PAUSE))) {
            long start = System.nanoTime();
            insert(connection, 1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(PAUSE, PAUSE.multipliedBy(5));
            assertThat(healing.bite()).isPresent();
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void healing_ends_a_delay() throws Exception {
        try (Connection connection = through("&socketTimeout=60")) {
            Healing healing =
                    inject(Point.Statement.matching("ledger"), new Action.Delay(Duration.ofHours(1)));
            Thread client = Thread.ofVirtual().start(() -> {
                try {
                    insert(connection, 1);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(healing.awaitBite(Duration.ofSeconds(10))).isPresent();
            healing.close();
            assertThat(client.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void a_blackhole_is_silent_until_it_heals() throws Exception {
        try (Connection connection = through("&socketTimeout=1");
                Healing healing = inject(Point.Statement.matching("ledger"), new Action.Blackhole())) {
            assertThatThrownBy(() -> insert(connection, 1)).hasStackTraceContaining("Read timed out");
            assertThat(healing.bite()).isPresent();
        }
        assertThat(ledger()).isZero();
    }

    @Test
    void a_reset_is_a_reset() throws Exception {
        try (Connection connection = through("");
                Healing healing = inject(Point.Statement.matching("ledger"), new Action.Reset())) {
            assertThatThrownBy(() -> insert(connection, 1)).hasStackTraceContaining("Connection reset");
            assertThat(healing.bite()).isPresent();
        }
        assertThat(ledger()).isZero();
    }

    @Test
    void a_row_is_cut_between_two_of_its_bytes() throws Exception {
        try (Connection connection = through("&defaultRowFetchSize=0");
                Healing healing = inject(new Point.Row(3), CLOSE)) {
            run(connection, "SELECT generate_series(1, 2)");
            assertThat(healing.bite()).isEmpty();
            assertThatThrownBy(() -> run(connection, "SELECT repeat('x', 100000) FROM generate_series(1, 5)"))
                    .isInstanceOf(SQLException.class);
            assertBites(healing, "1 times close in row 3, any connection");
        }
    }

    @Test
    void a_row_that_stands_still_arrives_whole() throws Exception {
        try (Connection connection = through("");
                Healing healing = inject(new Point.Row(2), new Action.Delay(PAUSE));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT repeat('x', 100000) FROM generate_series(1, 3)")) {
            int seen = 0;
            while (rows.next()) {
                assertThat(rows.getString(1)).hasSize(100_000);
                seen++;
            }
            assertThat(seen).isEqualTo(3);
            assertThat(healing.bite()).isPresent();
        }
    }

    @Test
    void a_copy_in_that_fails_half_way_leaves_nothing_and_the_connection_usable() throws Exception {
        try (Connection connection = through("");
                Healing healing = inject(copy(Direction.UPSTREAM, Point.Unit.MESSAGES, 1), new Action.Fail("57014"))) {
            SQLException told = catchThrowableOfType(SQLException.class, () -> copyIn(connection));
            assertThat(told.getSQLState()).isEqualTo("57014");
            assertThat(told.getMessage()).contains("injected");
            assertThat(healing.bite()).isPresent();
            insert(connection, 1);
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void a_copy_in_is_cut_within_its_bytes() throws Exception {
        Connection connection = through("");
        try (Healing healing = inject(copy(Direction.UPSTREAM, Point.Unit.BYTES, 100_000), CLOSE)) {
            assertThatThrownBy(() -> copyIn(connection)).isInstanceOf(SQLException.class);
            connection.abort(Runnable::run); // closing it would say good-bye to nobody, and fail
            assertBites(healing, "1 times close after 100000 bytes of a COPY upstream, any connection");
        }
        Waiting.until(() -> sessions() == 0);
        assertThat(ledger()).isZero();
    }

    @Test
    void a_copy_out_is_cut_after_so_many_rows_and_terminated_between_two() throws Exception {
        try (Connection connection = through("")) {
            assertThat(copyIn(connection)).isEqualTo(20_000);
            ByteArrayOutputStream half = new ByteArrayOutputStream();
            try (Healing healing = inject(copy(Direction.DOWNSTREAM, Point.Unit.MESSAGES, 123), CLOSE)) {
                assertThatThrownBy(() -> copyOut(connection, half)).isInstanceOf(SQLException.class);
                assertThat(healing.bite()).isPresent();
            }
            assertThat(half.toString(StandardCharsets.UTF_8).lines()).hasSize(123);
        }
        try (Connection connection = through("");
                Healing healing =
                        inject(copy(Direction.DOWNSTREAM, Point.Unit.BYTES, 50_000), new Action.Terminate())) {
            // The driver tells of the lost connection only, so that whole rows came is what there is to see.
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            assertThatThrownBy(() -> copyOut(connection, whole)).isInstanceOf(SQLException.class);
            assertThat(whole.toString(StandardCharsets.UTF_8)).hasSizeBetween(49_900, 50_000).endsWith("\n");
            assertThat(healing.bite()).isPresent();
        }
    }

    @Test
    void after_ready_the_client_knows_that_it_committed_and_then_loses_the_connection() throws Exception {
        try (Connection connection = through("")) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            try (Healing healing = inject(new Point.Commit(CutPoint.AFTER_READY), CLOSE)) {
                connection.commit();
                assertThat(healing.bite()).isPresent();
                assertThatThrownBy(() -> insert(connection, 2)).isInstanceOf(SQLException.class);
            }
        }
        assertThat(ledger()).isEqualTo(1);
    }

    @Test
    void only_those_who_are_meant_are_hurt() throws Exception {
        try (Connection one = through("&ApplicationName=one");
                Connection other = through("&ApplicationName=other")) {
            int pid = one.unwrap(PGConnection.class).getBackendPID();
            for (Whom whom : List.of(
                    new Whom.Application("one"), new Whom.Backend(pid))) {
                Order order = new Order(
                        Point.Statement.matching("ledger"), whom, new Action.Fail(FAIL), Turns.everyNth(1));
                try (Healing healing = control.inject(new Fault.AtPoint("app", order))) {
                    insert(other, 1);
                    assertThat(healing.bite()).isEmpty();
                    assertThatThrownBy(() -> insert(one, 1)).hasMessageContaining("injected");
                    assertThat(healing.bite()).isPresent();
                }
            }
            // The name is the one at the time, not the one of the start.
            run(other, "SET application_name = 'one'");
            Order renamed = new Order(
                    Point.Statement.matching("ledger"),
                    new Whom.Application("one"),
                    new Action.Fail(FAIL),
                    Turns.once());
            try (Healing healing = control.inject(new Fault.AtPoint("app", renamed))) {
                assertThatThrownBy(() -> insert(other, 1)).hasMessageContaining("injected");
                assertThat(healing.bite()).isPresent();
            }
        }
    }

    @Test
    void users_databases_and_sessions_are_told_apart() throws Exception {
        for (Whom whom : List.of(new Whom.User("nobody"), new Whom.Database("nowhere"), new Whom.Session(1))) {
            assertThat(isHurt(whom)).as(whom.label()).isFalse();
        }
        for (Whom whom : List.of(new Whom.User("postgres"), new Whom.Database("postgres"))) {
            assertThat(isHurt(whom)).as(whom.label()).isTrue();
        }
        long next = proxy.effects("app").orElseThrow().connectionsAccepted() + 1;
        assertThat(isHurt(new Whom.Session(next))).isTrue();
    }

    @Test
    void every_nth_occasion_and_so_many_times() throws Exception {
        try (Connection connection = through("")) {
            Order order = new Order(
                    Point.Statement.matching("ledger"), ANYONE, new Action.Fail(FAIL), new Turns(3, 2));
            StringBuilder seen = new StringBuilder();
            try (Healing healing = control.inject(new Fault.AtPoint("app", order))) {
                for (int token = 0; token < 12; token++) {
                    seen.append(succeeds(connection) ? '.' : 'x');
                }
                assertBites(healing, "2 times failure with 40001 before a statement with \"ledger\", any connection");
            }
            assertThat(seen.toString()).isEqualTo("..x..x......");
        }
    }

    private boolean isHurt(Whom whom) throws Exception {
        Order order =
                new Order(Point.Statement.matching("ledger"), whom, new Action.Fail(FAIL), Turns.everyNth(1));
        try (Connection connection = through("");
                Healing healing = control.inject(new Fault.AtPoint("app", order))) {
            boolean hurt = !succeeds(connection);
            assertThat(healing.bite().isPresent()).isEqualTo(hurt);
            return hurt;
        }
    }

    private static boolean succeeds(Connection connection) throws SQLException {
        try {
            insert(connection, 7);
            return true;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo(FAIL);
            return false;
        }
    }

    private Healing inject(Point point, Action action) throws CannotInject {
        return control.inject(new Fault.AtPoint("app", new Order(point, ANYONE, action, Turns.once())));
    }

    private static Point copy(Direction direction, Point.Unit unit, long amount) {
        return new Point.Copy(direction, unit, amount);
    }

    private static void assertBites(Healing healing, String evidence) {
        assertThat(healing.bite().orElseThrow().evidence()).isEqualTo(evidence);
        assertThat(healing.unseen()).isEmpty();
    }

    private static long copyIn(Connection connection) throws SQLException, IOException {
        StringBuilder lines = new StringBuilder();
        for (int token = 0; token < 20_000; token++) {
            lines.append(token).append('\t').append("filler ").append(token).append('\n');
        }
        return connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY ledger FROM STDIN",
                        new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static long copyOut(Connection connection, ByteArrayOutputStream into) throws SQLException, IOException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY ledger TO STDOUT", into);
    }

    private static void insert(Connection connection, int token) throws SQLException {
        run(connection, "INSERT INTO ledger VALUES (" + token + ")");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int ledger() throws SQLException {
        return number("SELECT count(*) FROM ledger");
    }

    private int sessions() throws SQLException {
        return number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND pid <> pg_backend_pid()");
    }

    private int number(String query) throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    private Connection through(String options) throws SQLException, IOException {
        int port = control.proxies().proxy("app").listenAddress().getPort();
        return TestServer.connect(port, options + (options.contains("socketTimeout") ? "" : "&socketTimeout=20"));
    }
}
