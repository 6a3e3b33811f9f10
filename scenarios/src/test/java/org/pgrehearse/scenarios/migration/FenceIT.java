package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.testkit.ServerRig;
import org.pgrehearse.scenarios.testkit.Servers;

/** What gets past a fence, and what gets past the popular one that is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FenceIT {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private EmbeddedEnvironment environment;
    private ServerRig rig;

    @BeforeAll
    void start(@TempDir Path logs) throws SQLException {
        environment = Servers.start(logs);
        Sql.run(
                environment.source(),
                "CREATE TABLE public.written (who text)",
                "GRANT ALL ON public.written TO PUBLIC",
                "CREATE ROLE second_superuser LOGIN SUPERUSER");
    }

    @AfterAll
    void stop() {
        environment.close();
    }

    @BeforeEach
    void clear() throws SQLException {
        rig = new ServerRig(environment);
        try (Connection admin = environment.source().admin()) {
            for (String gid : Sql.values(admin, "SELECT gid FROM pg_prepared_xacts")) {
                Sql.run(admin, "ROLLBACK PREPARED " + Sql.literal(gid));
            }
            Sql.run(admin, "SET lock_timeout = '5s'", "TRUNCATE public.written");
        }
    }

    @Test
    void nothing_gets_past_a_fence() throws SQLException, StepFailed, InterruptedException {
        try (Connection open = as("shop_web");
                Connection overriding = as("shop_batch");
                Connection superuser = as("second_superuser");
                Connection preparing = as("shop_web")) {
            begin(open, "BEGIN", "open transaction");
            Sql.run(overriding, "SET default_transaction_read_only = off");
            begin(preparing, "BEGIN", "prepared transaction");
            Sql.run(preparing, "PREPARE TRANSACTION 'waiting'");

            Fence fence = new Fence(rig);
            fence.raise(Fence.Prepared.ROLLBACK, DEADLINE);

            assertThatThrownBy(() -> Sql.run(open, "COMMIT")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> write(overriding, "session setting")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> write(superuser, "second superuser")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> Sql.run(environment.source(), "COMMIT PREPARED 'waiting'"))
                    .hasMessageContaining("does not exist");
            for (String role : new String[] {"shop_web", "shop_batch", "second_superuser"}) {
                assertThatThrownBy(() -> as(role)).hasMessageContaining("not permitted to log in");
            }
            assertThat(written()).isEmpty();
            assertThat(rig.memory().events(Event.Fenced.class)).hasSize(1);
            fence.lift();
        }
    }

    @Test
    void replication_still_connects_through_a_fence() throws SQLException, StepFailed, InterruptedException {
        Fence fence = new Fence(rig);
        fence.raise(Fence.Prepared.ABORT, DEADLINE);
        try (Connection replicator = as("replicator")) {
            assertThat(Sql.value(replicator, "SELECT 1")).contains("1");
        }
        fence.lift();
    }

    @Test
    void a_lifted_fence_leaves_everything_as_it_was() throws SQLException, StepFailed, InterruptedException {
        Sql.run(environment.source(), "ALTER ROLE shop_batch NOLOGIN");
        Fence fence = new Fence(rig);
        fence.raise(Fence.Prepared.ABORT, DEADLINE);
        fence.lift();

        try (Connection again = as("shop_web")) {
            write(again, "after the fence");
        }
        assertThat(written()).containsExactly("after the fence");
        assertThatThrownBy(() -> as("shop_batch")).hasMessageContaining("not permitted to log in");
        assertThat(Sql.value(environment.source(), "SHOW default_transaction_read_only"))
                .contains("off");
        assertThat(rig.memory().events(Event.FenceLifted.class)).hasSize(1);
        Sql.run(environment.source(), "ALTER ROLE shop_batch LOGIN");
    }

    @Test
    void a_fence_in_the_host_rules_leaves_the_catalogue_alone_and_the_file_as_it_was()
            throws SQLException, StepFailed, InterruptedException {
        String before = rules();
        try (Connection open = as("shop_web")) {
            begin(open, "BEGIN", "open transaction");
            Fence fence = new Fence(rig, Side.SOURCE, List.of(), Fence.Door.HBA);
            fence.raise(Fence.Prepared.ABORT, DEADLINE);

            assertThatThrownBy(() -> Sql.run(open, "COMMIT")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> as("shop_web")).hasMessageContaining("pg_hba.conf rejects connection");
            assertThat(Sql.value(environment.source(), "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'shop_web'"))
                    .contains("t");
            try (Connection replicator = as("replicator")) {
                assertThat(Sql.value(replicator, "SELECT 1")).contains("1");
            }
            fence.lift();
        }
        assertThat(rules()).isEqualTo(before);
        try (Connection again = as("shop_web")) {
            write(again, "after the fence");
        }
        assertThat(written()).containsExactly("after the fence");
    }

    @Test
    void a_fence_for_one_role_is_none_for_another() throws SQLException, StepFailed, InterruptedException {
        Fence fence = new Fence(rig, Side.SOURCE, List.of("shop_web"), Fence.Door.ROLES);
        fence.raise(Fence.Prepared.ABORT, DEADLINE);
        assertThatThrownBy(() -> as("shop_web")).hasMessageContaining("not permitted to log in");
        try (Connection other = as("shop_batch")) {
            write(other, "another role");
        }
        assertThat(written()).containsExactly("another role");
        fence.lift();
    }

    private String rules() throws SQLException {
        return Sql.value(environment.source(), "SELECT pg_read_file(current_setting('hba_file'))")
                .orElseThrow();
    }

    @Test
    void a_prepared_transaction_fails_the_step_and_lifts_the_fence() throws SQLException {
        try (Connection preparing = as("shop_web")) {
            begin(preparing, "BEGIN", "prepared transaction");
            Sql.run(preparing, "PREPARE TRANSACTION 'undecided'");
        }
        assertThatThrownBy(() -> new Fence(rig).raise(Fence.Prepared.ABORT, DEADLINE))
                .isInstanceOf(StepFailed.class)
                .hasMessage("Cannot fence the source: 1 prepared transactions could still commit (undecided). Commit or"
                        + " roll them back, or set prepared-transactions: rollback.");
        try (Connection again = as("shop_web")) {
            assertThat(Sql.value(again, "SELECT 1")).contains("1");
        }
        Sql.run(environment.source(), "ROLLBACK PREPARED 'undecided'");
    }

    @Test
    void a_read_only_default_is_no_fence() throws SQLException, StepFailed, InterruptedException {
        Step.Action readOnly =
                new NoMigration().step("read-only-default").orElseThrow().action();
        try (Connection open = as("shop_web");
                Connection overriding = as("shop_batch")) {
            begin(open, "BEGIN", "open transaction");
            Step.Done done = readOnly.perform(rig, Arguments.none());
            Sql.run(open, "COMMIT");
            Sql.run(overriding, "SET default_transaction_read_only = off");
            write(overriding, "session setting");
            assertThat(written()).containsExactlyInAnyOrder("open transaction", "session setting");
            done.wayBack().undo();
        }
    }

    private Connection as(String role) throws SQLException {
        Server source = environment.source();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + source.host() + ":" + source.port() + "/" + source.database(), role, "");
    }

    private static void begin(Connection connection, String begin, String who) throws SQLException {
        Sql.run(connection, begin);
        write(connection, who);
    }

    private static void write(Connection connection, String who) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO public.written VALUES (" + Sql.literal(who) + ")");
        }
    }

    private List<String> written() throws SQLException {
        try (Connection admin = environment.source().admin()) {
            return Sql.values(admin, "SELECT who FROM public.written");
        }
    }
}
