package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Waiting;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;
import org.postgresql.PGConnection;

/** The points outside of statements and replication, and whom faults are meant for, on a real PostgreSQL. */
final class WireFaultIT extends WireStage {
    private static final Duration PAUSE = Duration.ofMillis(400);

    WireFaultIT(@TempDir Path folder) throws IOException {
        super(folder);
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
            assertThat(whole.toString(StandardCharsets.UTF_8))
                    .hasSizeBetween(49_900, 50_000)
                    .endsWith("\n");
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
            for (Whom whom : List.of(new Whom.Application("one"), new Whom.Backend(pid))) {
                Order order =
                        new Order(Point.Statement.matching("ledger"), whom, new Action.Fail(FAIL), Turns.everyNth(1));
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
            Order order = new Order(Point.Statement.matching("ledger"), ANYONE, new Action.Fail(FAIL), new Turns(3, 2));
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
        Order order = new Order(Point.Statement.matching("ledger"), whom, new Action.Fail(FAIL), Turns.everyNth(1));
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

    private static Point copy(Direction direction, Point.Unit unit, long amount) {
        return new Point.Copy(direction, unit, amount);
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
}
