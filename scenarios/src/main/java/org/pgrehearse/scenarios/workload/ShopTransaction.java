package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** One transaction of the shop. Those that write learn their backend from their first statement, at no extra cost. */
sealed interface ShopTransaction extends Transaction {
    /** Which kind it is. */
    ShopMix.Kind kind();

    @Override
    default String name() {
        return kind().label();
    }

    @Override
    default boolean writes() {
        return kind() != ShopMix.Kind.BROWSE;
    }

    /** A new order with its items; the products' stock falls. */
    record PlaceOrder(long customer, List<Item> items) implements ShopTransaction {
        private static final String ORDER = "INSERT INTO shop.orders (customer_id, total, note) VALUES (?, ?, ?)"
                + " RETURNING pg_backend_pid(), id";
        private static final String ITEM =
                "INSERT INTO shop.order_items (order_id, line, sku, quantity, price) VALUES (?, ?, ?, ?, ?)";
        private static final String STOCK = "UPDATE shop.products SET stock = stock - ? WHERE sku = ?";

        public PlaceOrder {
            items = List.copyOf(items);
        }

        @Override
        public ShopMix.Kind kind() {
            return ShopMix.Kind.PLACE_ORDER;
        }

        @Override
        public Executor run(Connection connection, long token) throws SQLException {
            long order;
            int backend;
            try (PreparedStatement insert = connection.prepareStatement(ORDER)) {
                insert.setLong(1, customer);
                insert.setBigDecimal(2, total());
                insert.setString(3, "token " + token);
                try (ResultSet row = one(insert, "the new order")) {
                    backend = row.getInt(1);
                    order = row.getLong(2);
                }
            }
            insertItems(connection, order);
            takeFromStock(connection);
            return Executor.ofWrite(backend);
        }

        private BigDecimal total() {
            return items.stream()
                    .map(item -> item.price().multiply(BigDecimal.valueOf(item.quantity())))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        private void insertItems(Connection connection, long order) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(ITEM)) {
                for (int line = 1; line <= items.size(); line++) {
                    Item item = items.get(line - 1);
                    insert.setLong(1, order);
                    insert.setInt(2, line);
                    insert.setObject(3, item.sku());
                    insert.setInt(4, item.quantity());
                    insert.setBigDecimal(5, item.price());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }

        private void takeFromStock(Connection connection) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement(STOCK)) {
                for (Item item : items) {
                    update.setInt(1, item.quantity());
                    update.setObject(2, item.sku());
                    update.addBatch();
                }
                update.executeBatch();
            }
        }
    }

    /** A payment of the newest order up to this number. */
    record PayOrder(long orderAtMost) implements ShopTransaction {
        private static final String STATUS = "UPDATE shop.orders SET status = 'paid' WHERE id ="
                + " (SELECT id FROM shop.orders WHERE id <= ? ORDER BY id DESC LIMIT 1)"
                + " RETURNING pg_backend_pid(), id, total";
        private static final String PAYMENT =
                "INSERT INTO shop.payments (order_id, amount, paid_at) VALUES (?, ?, clock_timestamp())";

        @Override
        public ShopMix.Kind kind() {
            return ShopMix.Kind.PAY_ORDER;
        }

        @Override
        public Executor run(Connection connection, long token) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement(STATUS);
                    PreparedStatement insert = connection.prepareStatement(PAYMENT)) {
                update.setLong(1, orderAtMost);
                try (ResultSet row = one(update, "order " + orderAtMost + " or an older one")) {
                    insert.setLong(1, row.getLong(2));
                    insert.setBigDecimal(2, row.getBigDecimal(3));
                    insert.executeUpdate();
                    return Executor.ofWrite(row.getInt(1));
                }
            }
        }
    }

    /** A change of one customer: a trace in the profile, and the balance. */
    record UpdateProfile(long customer, int cents) implements ShopTransaction {
        private static final String PROFILE = "UPDATE shop.customers SET"
                + " profile = profile || jsonb_build_object('rehearsed', ?::bigint), balance = balance + ?"
                + " WHERE id = ? RETURNING pg_backend_pid()";

        @Override
        public ShopMix.Kind kind() {
            return ShopMix.Kind.UPDATE_PROFILE;
        }

        @Override
        public Executor run(Connection connection, long token) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement(PROFILE)) {
                update.setLong(1, token);
                update.setBigDecimal(2, BigDecimal.valueOf(cents, 2));
                update.setLong(3, customer);
                try (ResultSet row = one(update, "customer " + customer)) {
                    return Executor.ofWrite(row.getInt(1));
                }
            }
        }
    }

    /** A line in a table without a key. */
    record ViewPage(UUID visitor, String path, double seconds, String address) implements ShopTransaction {
        private static final String VIEW = "INSERT INTO shop.page_views (visitor, path, seconds, address, viewed_at)"
                + " VALUES (?, ?, ?, ?::inet, clock_timestamp()) RETURNING pg_backend_pid()";

        @Override
        public ShopMix.Kind kind() {
            return ShopMix.Kind.VIEW_PAGE;
        }

        @Override
        public Executor run(Connection connection, long token) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(VIEW)) {
                insert.setObject(1, visitor);
                insert.setString(2, path);
                insert.setDouble(3, seconds);
                insert.setString(4, address);
                try (ResultSet row = one(insert, "the page view")) {
                    return Executor.ofWrite(row.getInt(1));
                }
            }
        }
    }

    /** Reads of one customer's newest orders and of one product. */
    record Browse(long customer, UUID sku) implements ShopTransaction {
        private static final String ORDERS = "SELECT pgrehearse.executed_on(), o.id, o.status::text, o.total"
                + " FROM (VALUES (1)) one (row) LEFT JOIN LATERAL (SELECT id, status, total FROM shop.orders"
                + " WHERE customer_id = ? ORDER BY id DESC LIMIT 10) o ON true";
        private static final String PRODUCT = "SELECT name, price, stock FROM shop.products WHERE sku = ?";

        @Override
        public ShopMix.Kind kind() {
            return ShopMix.Kind.BROWSE;
        }

        @Override
        public Executor run(Connection connection, long token) throws SQLException {
            try (PreparedStatement orders = connection.prepareStatement(ORDERS);
                    PreparedStatement product = connection.prepareStatement(PRODUCT)) {
                product.setObject(1, sku);
                orders.setLong(1, customer);
                try (ResultSet _row = one(product, "product " + sku);
                        ResultSet row = one(orders, "the server's name")) {
                    return Executor.ofRead(row.getString(1));
                }
            }
        }
    }

    /** A line of an order. */
    record Item(UUID sku, int quantity, BigDecimal price) {}

    private static ResultSet one(PreparedStatement statement, String what) throws SQLException {
        ResultSet rows = statement.executeQuery();
        if (!rows.next()) {
            throw new SQLException("Cannot find " + what + ": the server returned no row.");
        }
        return rows;
    }
}
