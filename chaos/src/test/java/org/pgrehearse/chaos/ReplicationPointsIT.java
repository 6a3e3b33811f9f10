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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;

/** The points of replication, on a subscription that reaches its publisher through the proxy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplicationPointsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String DIGEST =
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY id)), '') FROM t";

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer source;
    private final TestServer target;
    private final FaultControl control;

    ReplicationPointsIT(@TempDir Path folder) throws IOException {
        source = new TestServer(
                folder.resolve("source"),
                Map.of("wal_level", "logical", "wal_sender_timeout", "5s", "logical_decoding_work_mem", "64kB"));
        target = new TestServer(
                folder.resolve("target"),
                Map.of("wal_retrieve_retry_interval", "200ms", "wal_receiver_status_interval", "1s"));
        control = FaultControl.embedded(proxy, List.of(), System::nanoTime);
    }

    @BeforeAll
    void subscribe() throws Exception {
        int port = control.proxies()
                .create("link", "127.0.0.1:0", source.address())
                .listenAddress()
                .getPort();
        control.watch("link");
        for (TestServer server : List.of(source, target)) {
            run(server, "CREATE TABLE t (id int PRIMARY KEY, filler text)");
        }
        run(source, "CREATE PUBLICATION p FOR TABLE t");
        run(
                target,
                "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=" + port
                        + " dbname=postgres user=postgres sslmode=disable gssencmode=disable' PUBLICATION p"
                        + " WITH (streaming = on)");
        run(source, "INSERT INTO t SELECT n, 'first' FROM generate_series(1, 100) n");
        awaitSame();
    }

    /** Healed: whatever was broken, the subscriber has the same rows in the end. */
    @AfterEach
    void recovers() throws Exception {
        control.assertNoFaultRemains();
        run(source, "INSERT INTO t SELECT max(id) + 1, 'after a fault' FROM t");
        awaitSame();
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        target.close();
        source.close();
    }

    @Test
    void a_transaction_that_is_cut_in_its_middle_is_sent_again() throws Exception {
        Order order = order(new Point.ReplicatedTransaction(5), new Action.Reset(), Turns.everyNth(1));
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            run(source, "INSERT INTO t SELECT max(id) + 1, 'too small' FROM t");
            awaitSame();
            assertThat(healing.bite())
                    .as("a transaction with one change has no fifth")
                    .isEmpty();
            String before = text(target, DIGEST);
            run(source, "UPDATE t SET filler = 'updated' WHERE id <= 20");
            assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                    .contains("times reset after 5 changes of a replicated transaction");
            assertThat(text(target, DIGEST))
                    .as("nothing of half a transaction is applied")
                    .isEqualTo(before);
        }
    }

    @Test
    void a_streamed_transaction_is_cut_within_a_block() throws Exception {
        Order order = order(new Point.ReplicatedTransaction(50), new Action.Close(), Turns.once());
        try (Healing healing = control.inject(new Fault.AtPoint("link", order));
                Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE t SET filler = repeat('s', 2000) || id");
            statement.execute("INSERT INTO t SELECT n, repeat('streamed', 100) FROM generate_series(100001, 102000) n");
            // Not committed yet, and sent all the same.
            assertThat(healing.awaitBite(SOON)).isPresent();
            connection.commit();
        }
    }

    @Test
    void the_stream_is_cut_at_a_position() throws Exception {
        String position = text(source, "SELECT pg_current_wal_lsn()");
        Order order = order(Point.Lsn.of(position), new Action.Terminate(), Turns.once());
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            run(source, "INSERT INTO t SELECT max(id) + 1, 'at a position' FROM t");
            assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                    .isEqualTo("1 times termination at LSN " + position + ", any connection");
        }
    }

    @Test
    void a_position_that_is_far_ahead_is_never_reached() throws Exception {
        Order order = order(Point.Lsn.of("FFFFFFFF/0"), new Action.Close(), Turns.everyNth(1));
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            run(source, "INSERT INTO t SELECT max(id) + 1, 'before the position' FROM t");
            awaitSame();
            assertThat(healing.bite()).isEmpty();
        }
    }

    @Test
    void a_delayed_stream_lags_and_catches_up() throws Exception {
        Order order = order(new Point.ReplicatedTransaction(0), new Action.Delay(Duration.ofHours(1)), Turns.once());
        String before = text(target, DIGEST);
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            run(source, "INSERT INTO t SELECT max(id) + 1, 'late' FROM t");
            assertThat(healing.awaitBite(SOON)).isPresent();
            assertThat(text(target, DIGEST)).isEqualTo(before);
        }
        awaitSame();
    }

    @Test
    void without_feedback_the_publisher_keeps_what_the_subscriber_has_long_applied() throws Exception {
        Order order = order(new Point.StandbyStatus(), new Action.Drop(), Turns.everyNth(1));
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            String confirmed = text(source, "SELECT confirmed_flush_lsn FROM pg_replication_slots");
            run(source, "INSERT INTO t SELECT max(id) + 1, 'without feedback' FROM t");
            awaitSame();
            assertThat(healing.awaitBite(SOON)).isPresent();
            assertThat(text(source, "SELECT confirmed_flush_lsn FROM pg_replication_slots"))
                    .isEqualTo(confirmed);
        }
        String now = text(source, "SELECT pg_current_wal_lsn()");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> text(source, "SELECT confirmed_flush_lsn >= '" + now + "' FROM pg_replication_slots")
                        .equals("t"));
    }

    @Test
    void feedback_is_cut_and_the_subscriber_comes_back() throws Exception {
        Order order = order(new Point.StandbyStatus(), new Action.Close(), Turns.once());
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            assertThat(healing.awaitBite(SOON)).isPresent();
        }
    }

    @Test
    void the_first_copy_of_a_table_is_cut_and_done_again() throws Exception {
        run(source, "CREATE TABLE copied AS SELECT n FROM generate_series(1, 5000) n");
        run(target, "CREATE TABLE copied (n int)");
        Order order = order(
                new Point.Copy(Direction.DOWNSTREAM, Point.Unit.MESSAGES, 2500), new Action.Reset(), Turns.once());
        try (Healing healing = control.inject(new Fault.AtPoint("link", order))) {
            run(source, "ALTER PUBLICATION p ADD TABLE copied");
            run(target, "ALTER SUBSCRIPTION s REFRESH PUBLICATION");
            assertThat(healing.awaitBite(SOON)).isPresent();
        }
        Awaitility.await()
                .atMost(SOON)
                .until(() -> text(target, "SELECT count(*) FROM copied").equals("5000"));
    }

    private static Order order(Point point, Action action, Turns turns) {
        return new Order(point, new Whom.All(), action, turns);
    }

    private void awaitSame() {
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> text(source, DIGEST).equals(text(target, DIGEST)));
    }

    private static void run(TestServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(TestServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}
