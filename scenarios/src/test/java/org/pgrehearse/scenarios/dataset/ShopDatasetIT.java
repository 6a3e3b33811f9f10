package org.pgrehearse.scenarios.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgrehearse.scenarios.environment.TestEnvironments.execute;
import static org.pgrehearse.scenarios.environment.TestEnvironments.query;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.EmbeddedServer;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;

/** The shop on two majors that are far apart. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShopDatasetIT {
    private static final long SEED = -7_000_000_000_000_000_042L;
    private static final long ORDERS = 20_000;

    private EmbeddedEnvironment environment;

    @BeforeAll
    void fill_both_sides(@TempDir Path logs) throws SQLException {
        environment = TestEnvironments.start(EmbeddedPlan.of(13, 17).withFsync(false), logs);
        create(environment.source());
        create(environment.target());
        ShopDataset.fill(environment.source(), SEED, ORDERS, line -> {});
        ShopDataset.fill(environment.target(), SEED, ORDERS, line -> {});
    }

    @AfterAll
    void stop() {
        environment.close();
    }

    @Test
    void the_same_seed_gives_the_same_content_on_both_majors() throws SQLException {
        assertThat(digests(environment.source())).isEqualTo(digests(environment.target()));
    }

    @Test
    void the_digest_of_this_test_sees_a_single_microsecond() throws SQLException {
        Map<String, String> before = digests(environment.target());
        execute(
                environment.target(),
                "UPDATE shop.orders SET placed_at = placed_at + interval '1 microsecond' WHERE id = 7");
        assertThat(digests(environment.target())).isNotEqualTo(before);
        execute(
                environment.target(),
                "UPDATE shop.orders SET placed_at = placed_at - interval '1 microsecond' WHERE id = 7");
        assertThat(digests(environment.target())).isEqualTo(before);
    }

    @Test
    void the_list_of_tables_is_complete() throws SQLException {
        assertThat(query(environment.source(), """
                        SELECT string_agg(c.oid::regclass::text, ',' ORDER BY c.oid::regclass::text COLLATE "C")
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind = 'r' AND n.nspname IN ('shop', 'pgrehearse')"""))
                .isEqualTo(
                        String.join(",", ShopDataset.tables().stream().sorted().toList()));
        assertThat(query(environment.source(), """
                        SELECT string_agg(c.oid::regclass::text, ',' ORDER BY c.oid::regclass::text COLLATE "C")
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind = 'r' AND n.nspname IN ('shop', 'pgrehearse')
                        AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p')"""))
                .isEqualTo(String.join(
                        ",", ShopDataset.tablesWithoutKey().stream().sorted().toList()));
    }

    @Test
    void every_table_has_rows_and_statistics_save_the_ledger() throws SQLException {
        for (String table : ShopDataset.tables()) {
            String rows = query(environment.source(), "SELECT count(*) FROM " + table);
            if (table.equals("pgrehearse.ledger")) {
                assertThat(rows).isEqualTo("0");
            } else {
                assertThat(Long.parseLong(rows)).as(table).isGreaterThan(ORDERS / 50);
                assertThat(query(
                                environment.source(),
                                "SELECT reltuples::bigint FROM pg_class WHERE oid = '" + table + "'::regclass"))
                        .as(table)
                        .isEqualTo(rows);
            }
        }
    }

    @Test
    void every_reference_and_constraint_holds_though_none_was_checked() throws SQLException {
        assertNone("shop.orders o WHERE NOT EXISTS (SELECT FROM shop.customers c WHERE c.id = o.customer_id)");
        assertNone("shop.order_items i WHERE NOT EXISTS (SELECT FROM shop.orders o WHERE o.id = i.order_id)");
        assertNone("shop.order_items i WHERE NOT EXISTS (SELECT FROM shop.products p WHERE p.sku = i.sku)");
        assertNone("shop.payments p WHERE NOT EXISTS (SELECT FROM shop.orders o WHERE o.id = p.order_id)");
        assertNone("shop.orders o WHERE total <>"
                + " (SELECT sum(quantity * price) FROM shop.order_items i WHERE i.order_id = o.id)");
        assertNone("pg_constraint WHERE NOT convalidated");
    }

    @Test
    void sequences_are_where_real_use_leaves_them() throws SQLException {
        String gap = "SELECT (SELECT last_value FROM shop.%s) - (SELECT max(%s) FROM shop.%s)";
        Server server = environment.source();
        assertThat(query(server, gap.formatted("customers_id_seq", "id", "customers")))
                .isEqualTo("2");
        assertThat(query(server, gap.formatted("orders_id_seq", "id", "orders")))
                .isEqualTo("3");
        assertThat(query(server, gap.formatted("invoice_number", "invoice", "orders")))
                .isEqualTo("3");
        assertThat(query(server, gap.formatted("payments_id_seq", "id", "payments")))
                .isEqualTo("1");
        assertThat(query(server, "SELECT count(*) FROM shop.orders WHERE id % 1000 = 0"))
                .isEqualTo("0");
        assertThat(query(server, "SELECT max(id) FROM shop.customers")).isEqualTo("5000");
    }

    @Test
    void ordinary_roles_can_use_the_shop_and_the_ledger() throws SQLException {
        try (Connection web = environment.source().connect("app", EmbeddedEnvironment.WEB_ROLE)) {
            web.setAutoCommit(false);
            assertThat(query(web, """
                            INSERT INTO shop.orders (id, invoice, customer_id, total) VALUES (1000, 1, 1, 1.00)
                            RETURNING status || ' ' || (placed_at IS NOT NULL)""")).isEqualTo("placed true");
            assertThat(query(web, "SELECT has_sequence_privilege('shop.orders_id_seq', 'USAGE')"))
                    .isEqualTo("t");
            assertThat(query(web, "INSERT INTO pgrehearse.ledger (token) VALUES (1) RETURNING executed_on"))
                    .isEqualTo("source");
            web.rollback();
        }
    }

    @Test
    void a_shop_that_is_filled_already_is_refused_and_stays_as_it_is() throws SQLException {
        Map<String, String> before = digests(environment.source());
        assertThatThrownBy(() -> ShopDataset.fill(environment.source(), SEED, ORDERS, line -> {}))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot fill the shop: shop.customers has rows already. Use an empty schema.");
        assertThat(digests(environment.source())).isEqualTo(before);
    }

    @Test
    void a_failure_in_one_table_ends_the_others_and_is_told() throws SQLException {
        execute(environment.target(), "CREATE DATABASE broken");
        Server broken = new OtherDatabase(environment.target(), "broken");
        create(broken);
        execute(broken, "ALTER TABLE shop.page_views ADD CONSTRAINT planted CHECK (path <> '/')");
        // So many orders that the other tables would take minutes.
        assertThatThrownBy(() -> ShopDataset.fill(broken, SEED, 10_000_000, line -> {}))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("Cannot fill the shop: ERROR: new row for relation \"page_views\" violates"
                        + " check constraint \"planted\"")
                .hasMessageEndingWith(". Use a new schema.");
        execute(environment.target(), "DROP DATABASE broken");
    }

    @Test
    void a_number_of_orders_out_of_range_is_refused() {
        assertThatThrownBy(() -> ShopDataset.fill(environment.source(), SEED, 0, line -> {}))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot fill the shop: 0 orders are asked for. Choose from 1 to 1000000000.");
    }

    private void assertNone(String rows) throws SQLException {
        assertThat(query(environment.target(), "SELECT count(*) FROM " + rows))
                .as(rows)
                .isEqualTo("0");
    }

    private static void create(Server server) throws SQLException {
        try (Connection connection = server.admin()) {
            ShopDataset.createSchema(connection);
        }
    }

    private static Map<String, String> digests(Server server) throws SQLException {
        Map<String, String> digests = new TreeMap<>();
        for (String table : ShopDataset.tables()) {
            digests.put(
                    table,
                    query(
                            server,
                            "SELECT count(*) || ' ' || md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE"
                                    + " \"C\")) FROM " + table + " t"));
        }
        for (String sequence : List.of("customers_id_seq", "orders_id_seq", "invoice_number", "payments_id_seq")) {
            digests.put(sequence, query(server, "SELECT last_value FROM shop." + sequence));
        }
        return digests;
    }

    /** The same server, with its eyes on another database. */
    private record OtherDatabase(EmbeddedServer server, String database) implements Server {
        @Override
        public Side side() {
            return server.side();
        }

        @Override
        public String host() {
            return server.host();
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public int majorVersion() {
            return server.majorVersion();
        }

        @Override
        public Connection admin() throws SQLException {
            return server.connect(database, EmbeddedServer.SUPERUSER);
        }
    }
}
