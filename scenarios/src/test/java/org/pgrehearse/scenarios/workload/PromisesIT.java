package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Anomaly;
import org.pgrehearse.reports.anomaly.TransactionHistory;
import org.pgrehearse.reports.invariant.InvariantBook;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.PromiseTables;
import org.pgrehearse.scenarios.topology.Relay;
import org.pgrehearse.scenarios.topology.TestServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PromisesIT {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final long A = 1;
    private static final long B = 2;

    private TestServer server;
    private TestServer target;

    @BeforeAll
    void startServers() throws Exception {
        server = TestServer.start(Side.SOURCE);
        target = TestServer.start(Side.TARGET);
        for (TestServer each : List.of(server, target)) {
            try (Connection admin = each.admin()) {
                PromiseTables.createSchema(admin);
            }
        }
    }

    @AfterAll
    void stopServers() throws Exception {
        server.close();
        target.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        for (TestServer each : List.of(server, target)) {
            each.execute("TRUNCATE " + String.join(", ", PromiseTables.tables()));
            each.execute("ALTER SEQUENCE pgrehearse.receipt_number RESTART");
            try (Connection admin = each.admin()) {
                PromiseTables.openAccounts(admin);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void a_healthy_server_shows_no_anomaly_that_the_level_excludes(Isolation level) throws Exception {
        try (Stage stage = Stage.on(server)) {
            Promises promises = start(stage, new PromiseSpec(250, 250, 0, 0, 0, level));
            stage.goOn(Duration.ofSeconds(4));
            promises.stop(DRAIN);

            List<Event.Transaction> transactions = stage.journal.events(Event.Transaction.class);
            assertThat(stage.journal.events(Event.Trouble.class)).isEmpty();
            assertThat(transactions).hasSizeGreaterThan(1_000).allMatch(each -> each.isolation() == level);
            assertThat(transactions)
                    .filteredOn(each -> each.outcome() == Outcome.ACKNOWLEDGED)
                    .hasSizeGreaterThan(500)
                    .allMatch(each -> each.side() == Side.SOURCE);
            Anomalies anomalies = judge(transactions);
            assertThat(anomalies.doubt()).isEmpty();
            assertThat(anomalies.found())
                    .filteredOn(Anomalies.Found::forbidden)
                    .as("anomalies that %s excludes", level)
                    .isEmpty();
            if (level == Isolation.SERIALIZABLE) {
                assertThat(anomalies.found()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void two_sessions_that_overwrite_what_both_read_lose_an_update_at_read_committed_alone(Isolation level)
            throws Exception {
        Anomalies anomalies = race(
                level,
                List.of(new Micro.WriteTo(A, 1)),
                List.of(new Micro.ReadOfRegister(A)),
                List.of(new Micro.ReadOfRegister(A), new Micro.WriteTo(A, 2)),
                List.of(new Micro.WriteTo(A, 3)));

        assertThat(titles(anomalies, false).contains(Anomaly.LOST_UPDATE)).isEqualTo(level == Isolation.READ_COMMITTED);
        assertThat(anomalies.forbidden()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void a_reader_between_two_statements_of_another_sees_skew_at_read_committed_alone(Isolation level)
            throws Exception {
        Anomalies anomalies = race(
                level,
                List.of(new Micro.AppendTo(A, 1), new Micro.AppendTo(B, 1)),
                List.of(new Micro.ReadOfList(A)),
                List.of(new Micro.AppendTo(A, 2), new Micro.AppendTo(B, 2)),
                List.of(new Micro.ReadOfList(B)));

        assertThat(titles(anomalies, false).contains(Anomaly.G_SINGLE)).isEqualTo(level == Isolation.READ_COMMITTED);
        assertThat(anomalies.forbidden()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void two_sessions_that_read_each_others_key_and_write_their_own_skew_unless_serializable(Isolation level)
            throws Exception {
        Anomalies anomalies = race(
                level,
                List.of(new Micro.AppendTo(A, 1), new Micro.AppendTo(B, 1)),
                List.of(new Micro.ReadOfList(A), new Micro.ReadOfList(B)),
                List.of(new Micro.ReadOfList(A), new Micro.ReadOfList(B), new Micro.AppendTo(A, 2)),
                List.of(new Micro.AppendTo(B, 2)));

        assertThat(titles(anomalies, false).contains(Anomaly.G2_ITEM)).isEqualTo(level != Isolation.SERIALIZABLE);
        assertThat(anomalies.forbidden()).isZero();
    }

    @Test
    void every_invariant_is_read_and_holds_on_a_healthy_server() throws Exception {
        try (Stage stage = Stage.on(server)) {
            Promises promises = start(stage, new PromiseSpec(0, 0, 150, 150, 150, Isolation.SERIALIZABLE));
            stage.goOn(Duration.ofSeconds(2));
            promises.stop(DRAIN);

            Invariants invariants = invariants(stage);
            for (Invariants.Kind kind : Invariants.Kind.values()) {
                assertThat(invariants.readings(kind)).as("readings of %s", kind).isGreaterThan(20);
                assertThat(invariants.broken(kind)).as("broken %s", kind).isZero();
            }
            assertThat(server.count("pgrehearse.receipts"))
                    .isEqualTo(stage.journal.events(Event.IdIssued.class).size());
        }
    }

    @Test
    void a_transfer_and_a_twin_that_were_half_undone_and_a_sequence_set_back_are_found() throws Exception {
        try (Stage stage = Stage.on(server)) {
            Promises promises = start(stage, new PromiseSpec(0, 0, 100, 100, 100, Isolation.SERIALIZABLE));
            stage.goOn(Duration.ofSeconds(1));
            server.execute("UPDATE pgrehearse.accounts SET balance = balance - 7 WHERE id = 1");
            server.execute("INSERT INTO pgrehearse.twins_second VALUES (777, 1)");
            server.execute("ALTER SEQUENCE pgrehearse.receipt_number RESTART");
            stage.goOn(Duration.ofSeconds(1));
            promises.stop(DRAIN);

            Invariants invariants = invariants(stage);
            for (Invariants.Kind kind : Invariants.Kind.values()) {
                assertThat(invariants.broken(kind)).as("broken %s", kind).isPositive();
            }
            assertThat(invariants.checks().toString())
                    .contains("off by -7", "such as id 777 with value 1", "pgrehearse.receipt_number handed out 1 ");
        }
    }

    @Test
    void a_list_that_lost_its_last_elements_behind_the_load_is_found() throws Exception {
        try (Stage stage = Stage.on(server)) {
            Promises promises = start(stage, new PromiseSpec(200, 0, 0, 0, 0, Isolation.SERIALIZABLE));
            stage.goOn(Duration.ofSeconds(1));
            // With the table to itself: row by row, it would wait for a transaction that waits for it.
            server.execute("BEGIN; LOCK pgrehearse.lists; UPDATE pgrehearse.lists SET items = items[1:1]; COMMIT");
            stage.goOn(Duration.ofSeconds(1));
            promises.stop(DRAIN);

            Anomalies anomalies = judge(stage.journal.events(Event.Transaction.class));
            assertThat(anomalies.forbidden() + anomalies.forbidden(Anomaly.STALE_READ))
                    .isPositive();
        }
    }

    @Test
    void the_route_is_followed_and_a_target_that_was_never_filled_breaks_every_promise() throws Exception {
        target.execute("UPDATE pgrehearse.accounts SET balance = 0");
        try (Stage stage = Stage.on(server, target.gateway())) {
            Promises promises = start(stage, new PromiseSpec(150, 150, 100, 100, 100, Isolation.SERIALIZABLE));
            stage.goOn(Duration.ofSeconds(1));
            stage.application.route().switchTo(Side.TARGET);
            long switched = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            promises.stop(DRAIN);

            List<Event.Transaction> transactions = stage.journal.events(Event.Transaction.class);
            assertThat(transactions)
                    .filteredOn(each -> each.startedNanos() > switched)
                    .isNotEmpty()
                    .allMatch(each -> each.side() == Side.TARGET);
            Set<Anomaly> found = titles(judge(transactions), true);
            assertThat(found).contains(Anomaly.INCOMPATIBLE_ORDER, Anomaly.FORK);
            Invariants invariants = invariants(stage);
            assertThat(invariants.broken(Invariants.Kind.TOTAL)).isPositive();
            assertThat(invariants.broken(Invariants.Kind.SEQUENCE)).isPositive();
        }
    }

    @Test
    void after_a_commit_without_answer_a_new_process_goes_on_and_nothing_is_wrong() throws Exception {
        try (Stage stage = Stage.on(server)) {
            stage.relay.atCommit(Relay.Cut.AFTER);
            Promises promises = start(stage, new PromiseSpec(50, 50, 0, 0, 0, Isolation.SERIALIZABLE));
            stage.goOn(Duration.ofSeconds(1));
            promises.stop(DRAIN);

            List<Event.Transaction> unknown = stage.journal.events(Event.Transaction.class).stream()
                    .filter(each -> each.outcome() == Outcome.UNKNOWN)
                    .toList();
            assertThat(unknown).isNotEmpty();
            assertThat(unknown).extracting(Event.Transaction::process).doesNotHaveDuplicates();
            Anomalies anomalies = judge(stage.journal.events(Event.Transaction.class));
            assertThat(anomalies.found()).filteredOn(Anomalies.Found::forbidden).isEmpty();
        }
    }

    private static Promises start(Stage stage, PromiseSpec spec) {
        return Promises.start(spec, List.of(stage.application), stage.journal, 42);
    }

    private static Anomalies judge(List<Event.Transaction> transactions) {
        TransactionHistory history = new TransactionHistory();
        transactions.forEach(history::add);
        return history.judge();
    }

    private static Invariants invariants(Stage stage) {
        InvariantBook book = new InvariantBook();
        stage.journal.events(Event.TotalRead.class).forEach(book::add);
        stage.journal.events(Event.TwinsRead.class).forEach(book::add);
        stage.journal.events(Event.IdIssued.class).forEach(book::add);
        return book.judge();
    }

    private static Set<Anomaly> titles(Anomalies anomalies, boolean forbidden) {
        return anomalies.found().stream()
                .filter(each -> each.forbidden() == forbidden)
                .map(Anomalies.Found::anomaly)
                .collect(Collectors.toSet());
    }

    /**
     * Drives two sessions: the first does its beginning, the other all of its own and commits, the first does its end
     * and commits. A reading of both keys follows.
     */
    private Anomalies race(
            Isolation level, List<Micro> before, List<Micro> beginning, List<Micro> between, List<Micro> end)
            throws SQLException {
        List<Event.Transaction> history = new ArrayList<>();
        try (Script setup = new Script(level, 1)) {
            history.add(setup.then(before).commit());
        }
        try (Script one = new Script(level, 2);
                Script other = new Script(level, 3)) {
            one.then(beginning);
            history.add(other.then(between).commit());
            history.add(one.then(end).commit());
        }
        try (Script reader = new Script(level, 4)) {
            history.add(reader.then(List.of(new Micro.ReadOfRegister(A), new Micro.ReadOfList(A)))
                    .then(List.of(new Micro.ReadOfList(B)))
                    .commit());
        }
        return judge(history);
    }

    /** One session that is driven by hand. */
    private final class Script implements AutoCloseable {
        private final Connection connection;
        private final Isolation level;
        private final int process;
        private final long started = System.nanoTime();
        private final List<Action> done = new ArrayList<>();
        private Outcome outcome = Outcome.ACKNOWLEDGED;

        Script(Isolation level, int process) throws SQLException {
            this.level = level;
            this.process = process;
            connection = server.admin();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL " + level.sql());
            }
        }

        Script then(List<Micro> micros) {
            try {
                for (Micro micro : micros) {
                    micro.run(connection, done);
                }
            } catch (SQLException e) {
                failed(e);
            }
            return this;
        }

        Event.Transaction commit() throws SQLException {
            if (outcome == Outcome.ACKNOWLEDGED) {
                try {
                    connection.commit();
                } catch (SQLException e) {
                    failed(e);
                }
            } else {
                connection.rollback();
            }
            long ended = System.nanoTime();
            return new Event.Transaction(
                    ended, "race", process, started, started, ended, outcome, Side.SOURCE, level, done);
        }

        private void failed(SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("40001");
            outcome = Outcome.FAILED;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
