package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.PromiseTables;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.spec.Scenario;

/** The tables of a run: those of its data set and of its load, the ledger, and those of promises. */
final class RunSchema {
    private final Environment environment;
    private final Scenario scenario;
    private final LoadTables loadTables;

    RunSchema(Environment environment, Scenario scenario) {
        this.environment = environment;
        this.scenario = scenario;
        this.loadTables = new LoadTables(scenario.load());
    }

    /** Creates them on a side, empty; our own all or none, and marked as the run's. */
    void create(Side side) throws SQLException {
        try (Connection connection = environment.server(side).admin()) {
            connection.setAutoCommit(false);
            ShopDataset.createSchema(connection);
            if (scenario.promises().any()) {
                PromiseTables.createSchema(connection);
            }
            environment.mark(side, connection);
            connection.commit();
            connection.setAutoCommit(true); // what users write may refuse a transaction
            loadTables.create(connection);
        }
    }

    /** Fills those on the source from the seed. */
    void fill(long seed, Consumer<String> progress) throws SQLException {
        try (Connection connection = environment.source().admin()) {
            loadTables.fill(connection);
            if (scenario.promises().any()) {
                PromiseTables.openAccounts(connection);
            }
        }
        ShopDataset.fill(environment.source(), seed, scenario.dataset().orders(), progress);
    }

    /** Qualified names of those that a migration moves, as the source has them. */
    List<String> moved() throws SQLException {
        List<String> all = new ArrayList<>(ShopDataset.tables());
        try (Connection connection = environment.source().admin()) {
            all.addAll(loadTables.names(connection));
        }
        return Stream.concat(
                        all.stream(), PromiseTables.moved(scenario.promises().any()).stream())
                .distinct()
                .toList();
    }
}
