package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.testkit.ServerRig;
import org.pgrehearse.scenarios.testkit.Servers;

/** Every step of logical replication on real servers, forward and back. */
final class LogicalReplicationIT {
    private static final long ORDERS = 300;

    private final List<Step> steps = new LogicalReplication().steps();
    private final Deque<WayBack> behind = new ArrayDeque<>();
    private EmbeddedEnvironment environment;
    private ServerRig rig;

    @BeforeEach
    void start(@TempDir Path logs) throws SQLException {
        environment = Servers.start(logs);
        rig = new ServerRig(environment);
        rig.createSchema(Side.SOURCE);
        ShopDataset.fill(environment.source(), 11, ORDERS, line -> {});
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void the_hardened_order_moves_rows_and_sequences_and_leaves_no_slot()
            throws SQLException, StepFailed, InterruptedException {
        copy();
        perform("wait-for-lag", "below", "1GiB", "deadline", "30s");
        perform("fence-source", "prepared-transactions", "abort", "deadline", "10s");
        perform("catch-up", "deadline", "30s");
        perform("move-sequences", "margin", "1000");
        perform("switch");
        perform("verify");
        perform("drop-subscription");
        perform("drop-slot");

        assertThat(count(environment.target(), "shop.orders")).isEqualTo(count(environment.source(), "shop.orders"));
        assertThat(number(environment.target(), "SELECT nextval('shop.orders_id_seq')"))
                .isGreaterThan(number(environment.source(), "SELECT last_value FROM shop.orders_id_seq"));
        assertThat(number(environment.target(), "SELECT nextval('shop.invoice_number')"))
                .isGreaterThan(number(environment.source(), "SELECT last_value FROM shop.invoice_number"));
        assertThat(number(environment.source(), "SELECT count(*) FROM pg_replication_slots"))
                .isZero();
        assertThat(rig.asked()).containsExactly("hold snapshot", "switch to TARGET", "verify");
        assertThat(rig.memory().events(Event.AuthorityMoved.class))
                .extracting(Event.AuthorityMoved::side)
                .containsExactly(Side.TARGET);
        assertThat(rig.memory().events(Event.Applied.class)).isNotEmpty();
    }

    @Test
    void the_way_back_lifts_the_fence_and_leaves_nothing_behind()
            throws SQLException, StepFailed, InterruptedException {
        copy();
        perform("fence-source", "prepared-transactions", "abort", "deadline", "10s");
        while (!behind.isEmpty()) {
            behind.pop().undo();
        }
        assertThat(number(environment.source(), "SELECT count(*) FROM pg_publication"))
                .isZero();
        assertThat(number(environment.source(), "SELECT count(*) FROM pg_replication_slots"))
                .isZero();
        assertThat(number(environment.target(), "SELECT count(*) FROM pg_subscription"))
                .isZero();
        assertThat(number(
                        environment.source(),
                        "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'shop%' AND rolcanlogin"))
                .isEqualTo(2);
    }

    @Test
    void the_textbook_order_leaves_the_slot_behind() throws SQLException, StepFailed, InterruptedException {
        copy();
        perform("disable-subscription");
        perform("detach-slot");
        perform("drop-subscription");
        assertThat(number(environment.source(), "SELECT count(*) FROM pg_replication_slots WHERE NOT active"))
                .isEqualTo(1);
    }

    @Test
    void catch_up_without_replication_misses_its_deadline() throws SQLException {
        rig.createSchema(Side.TARGET);
        assertThatThrownBy(() -> perform("catch-up", "deadline", "300ms"))
                .isInstanceOf(StepFailed.class)
                .hasMessageStartingWith("The marker row's arrival on the target did not happen within 300 ms.");
    }

    private void copy() throws SQLException, StepFailed, InterruptedException {
        perform("create-schema");
        perform("create-publication");
        perform("create-subscription");
        perform("wait-for-copy", "deadline", "60s");
    }

    private void perform(String step, String... arguments) throws SQLException, StepFailed, InterruptedException {
        Map<String, String> values = switch (arguments.length) {
            case 0 -> Map.of();
            case 2 -> Map.of(arguments[0], arguments[1]);
            default -> Map.of(arguments[0], arguments[1], arguments[2], arguments[3]);
        };
        Step found = steps.stream()
                .filter(one -> one.shape().name().equals(step))
                .findFirst()
                .orElseThrow();
        Map<String, String> complete = new HashMap<>(values);
        found.shape().arguments().forEach(argument -> complete.putIfAbsent(argument.name(), argument.preset()));
        Step.Done done = found.action().perform(rig, new Arguments(complete));
        behind.push(done.wayBack());
    }

    private static long count(Server server, String table) throws SQLException {
        return number(server, "SELECT count(*) FROM " + table);
    }

    private static long number(Server server, String query) throws SQLException {
        try (Connection connection = server.admin()) {
            Sql.run(connection, "SET default_transaction_read_only = off");
            return Long.parseLong(Sql.value(connection, query).orElseThrow());
        }
    }
}
