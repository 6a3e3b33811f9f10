package org.pgrehearse.scenarios.dataset;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables that the promises of a load are kept in, beside the ledger. */
public final class PromiseTables {
    /** How many accounts the bank has, with ids from 1. */
    public static final int ACCOUNTS = 10;

    /** What all accounts hold together, in every snapshot. */
    public static final long TOTAL = ACCOUNTS * 1_000L;

    private static final List<String> TABLES = List.of(
            "pgrehearse.lists",
            "pgrehearse.registers",
            "pgrehearse.accounts",
            "pgrehearse.twins_first",
            "pgrehearse.twins_second",
            "pgrehearse.receipts");

    private PromiseTables() {}

    /** Every one of them; each has a primary key. */
    public static List<String> tables() {
        return TABLES;
    }

    /** The tables that a migration moves: those of the shop, the ledger, and these when promises are made. */
    public static List<String> moved(boolean promises) {
        List<String> all = new ArrayList<>(ShopDataset.tables());
        if (promises) {
            all.addAll(TABLES);
        }
        return List.copyOf(all);
    }

    /** Creates them, empty, beside a ledger that is there; the same on source and target. */
    public static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ShopDataset.script("promises.sql"));
        }
    }

    /** Opens the accounts, each with the same balance. Only the source is filled; the migration moves the rest. */
    public static void openAccounts(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("INSERT INTO pgrehearse.accounts SELECT n, " + TOTAL / ACCOUNTS
                    + " FROM generate_series(1, " + ACCOUNTS + ") n");
        }
    }
}
