package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;

/** Every action at a statement, on a real PostgreSQL through its JDBC driver. */
final class StatementFaultIT extends WireStage {
    private static final String SIMPLE = "&preferQueryMode=simple";
    private static final String EXTENDED = "&prepareThreshold=1";
    private static final Duration PAUSE = Duration.ofMillis(400);

    StatementFaultIT(@TempDir Path folder) throws IOException {
        super(folder);
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
            try (Healing healing = inject(new Point.Commit(CutPoint.BEFORE_FORWARDING), new Action.Fail(FAIL))) {
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
            Order fourth =
                    new Order(Point.Statement.matching("into ledger"), ANYONE, new Action.Fail(FAIL), new Turns(4, 1));
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
            Healing healing = inject(Point.Statement.matching("ledger"), new Action.Delay(Duration.ofHours(1)));
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
    void behind_a_statement_only_its_answer_is_lost() throws Exception {
        try (Connection connection = through(SIMPLE);
                Healing healing = inject(Point.Statement.behind("into ledger"), CLOSE)) {
            assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
            assertThat(healing.bite()).isPresent();
        }
        await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(10)).until(() -> ledger() == 1);
    }
}
