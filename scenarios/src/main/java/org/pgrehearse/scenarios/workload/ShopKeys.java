package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The keys a shop's load draws from, read once before it starts.
 *
 * @param customerMax customers 1 to this exist
 * @param orderMax the newest order; older ones may have gaps
 * @param products some of them
 */
record ShopKeys(long customerMax, long orderMax, List<Product> products) {
    private static final int PRODUCTS_MAX = 1_000;

    ShopKeys {
        products = List.copyOf(products);
    }

    static ShopKeys read(Connection source) throws SQLException {
        List<Product> products = new ArrayList<>();
        try (Statement statement = source.createStatement()) {
            long customerMax = max(statement, "shop.customers");
            long orderMax = max(statement, "shop.orders");
            String sample = "SELECT sku, price FROM shop.products ORDER BY sku LIMIT " + PRODUCTS_MAX;
            try (ResultSet rows = statement.executeQuery(sample)) {
                while (rows.next()) {
                    products.add(new Product(rows.getObject(1, UUID.class), rows.getBigDecimal(2)));
                }
            }
            if (products.isEmpty()) {
                throw empty("shop.products");
            }
            return new ShopKeys(customerMax, orderMax, products);
        }
    }

    private static long max(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM " + table)) {
            long max = row.next() ? row.getLong(1) : 0;
            if (max < 1) {
                throw empty(table);
            }
            return max;
        }
    }

    private static SQLException empty(String table) {
        return new SQLException("Cannot load the shop on source: " + table + " is empty. Fill the data set first.");
    }

    /** A product and its price when the load began. */
    record Product(UUID sku, BigDecimal price) {}
}
