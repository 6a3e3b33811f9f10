package org.pgrehearse.scenarios.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Server;

/**
 * A shop and the ledger of a rehearsal's writes. About five rows are made for each order, in the server and from the
 * seed alone: the same seed gives the same content in every major version.
 *
 * <p>Order and payment ids start at 1 and skip the multiples of 1000; customer ids have no gaps.
 */
public final class ShopDataset {
    /** The most orders that fit the ids of this schema's functions with room to spare. */
    public static final long ORDERS_MAX = 1_000_000_000;

    /** What each connection fills, in order; the connections work at the same time. */
    private static final List<List<String>> SCRIPTS =
            List.of(List.of("products", "customers", "orders"), List.of("order_items"), List.of("page_views"));

    /** The same in an order in which every reference finds its row, for a role whose references are checked. */
    private static final List<List<String>> ONE_BY_ONE =
            List.of(SCRIPTS.stream().flatMap(List::stream).toList());

    private static final List<String> TABLES_WITHOUT_KEY = List.of("shop.page_views", "pgrehearse.ledger");
    private static final List<String> TABLES_WITH_KEY = List.of(
            "shop.customers",
            "shop.products",
            "shop.orders",
            "shop.order_items",
            "shop.payments_2024",
            "shop.payments_2025",
            "shop.payments_later");

    private ShopDataset() {}

    /** Every ordinary table, partitions in place of their parent, as every version can publish them. */
    public static List<String> tables() {
        List<String> all = new ArrayList<>(TABLES_WITH_KEY);
        all.addAll(TABLES_WITHOUT_KEY);
        return List.copyOf(all);
    }

    /** Those of {@link #tables} that have no primary key, so that only inserts can be replicated. */
    public static List<String> tablesWithoutKey() {
        return TABLES_WITHOUT_KEY;
    }

    /** Creates the schema, empty; the same on source and target. All or nothing when the connection autocommits. */
    public static void createSchema(Connection connection) throws SQLException {
        execute(connection, script("shop.sql") + script("ledger.sql"));
    }

    /**
     * Fills the empty schema and leaves it analyzed, with sequences as real use would leave them. When it fails, some
     * tables may be filled: start again with a new schema.
     *
     * @param orders how many, from 1 to {@link #ORDERS_MAX}
     * @param progress hears of each table, one line each, from several threads
     */
    public static void fill(Server server, long seed, long orders, Consumer<String> progress) throws SQLException {
        if (orders < 1 || orders > ORDERS_MAX) {
            throw new EnvironmentException(
                    "Cannot fill the shop: " + orders + " orders are asked for. Choose from 1 to " + ORDERS_MAX + ".");
        }
        try (Connection first = server.admin();
                Connection second = server.admin();
                Connection third = server.admin();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            requireEmpty(first);
            List<Connection> connections = List.of(first, second, third);
            List<Integer> backends = backends(connections);
            boolean unchecked = isSuperuser(first);
            List<List<String>> scripts = unchecked ? SCRIPTS : ONE_BY_ONE;
            CompletionService<List<String>> fills = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < scripts.size(); i++) {
                Connection connection = connections.get(i);
                List<String> names = scripts.get(i);
                fills.submit(() -> {
                    execute(connection, functions(seed, orders, unchecked));
                    return fill(connection, names, seed, orders, progress);
                });
            }
            try {
                for (int i = 0; i < scripts.size(); i++) {
                    fills.take().get();
                }
            } catch (ExecutionException failed) {
                end(server, backends);
                if (failed.getCause() instanceof SQLException cause) {
                    String message = "Cannot fill the shop: " + cause.getMessage() + ". Use a new schema.";
                    throw new SQLException(message, cause.getSQLState(), cause);
                }
                throw new IllegalStateException("filling the shop", failed.getCause());
            } catch (InterruptedException interrupted) {
                end(server, backends);
                Thread.currentThread().interrupt();
                throw new SQLException("Cannot fill the shop: interrupted. Use a new schema.", interrupted);
            }
        }
    }

    private static void requireEmpty(Connection connection) throws SQLException {
        for (String table : tables()) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT FROM " + table + " LIMIT 1")) {
                if (rows.next()) {
                    throw new EnvironmentException(
                            "Cannot fill the shop: " + table + " has rows already. Use an empty schema.");
                }
            }
        }
    }

    private static List<String> fill(
            Connection connection, List<String> names, long seed, long orders, Consumer<String> progress)
            throws SQLException {
        for (String name : names) {
            progress.accept("filling " + name + " …");
            execute(connection, filled(name, seed, orders));
        }
        return names;
    }

    private static String functions(long seed, long orders, boolean unchecked) {
        return filled("functions", seed, orders)
                .replace("${unchecked}", unchecked ? "SET session_replication_role = replica;" : "");
    }

    private static boolean isSuperuser(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String filled(String name, long seed, long orders) {
        return script("fill/" + name + ".sql")
                .replace("${seed}", Long.toString(seed))
                .replace("${orders}", Long.toString(orders));
    }

    private static void execute(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
        }
    }

    private static List<Integer> backends(List<Connection> connections) throws SQLException {
        List<Integer> backends = new ArrayList<>();
        for (Connection connection : connections) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
                if (rows.next()) {
                    backends.add(rows.getInt(1));
                }
            }
        }
        return backends;
    }

    /** Ends the sessions in the server itself, which would work on for a client that merely went away. */
    private static void end(Server server, List<Integer> backends) throws SQLException {
        try (Connection admin = server.admin();
                PreparedStatement end = admin.prepareStatement("SELECT pg_terminate_backend(?)")) {
            for (int backend : backends) {
                end.setInt(1, backend);
                end.execute();
            }
        }
    }

    static String script(String name) {
        try (InputStream resource = ShopDataset.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
