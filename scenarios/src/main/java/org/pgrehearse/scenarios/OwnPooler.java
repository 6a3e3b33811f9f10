package org.pgrehearse.scenarios;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.CommandPooler;
import org.pgrehearse.scenarios.environment.PgBouncer;
import org.pgrehearse.scenarios.environment.PoolerPlan;
import org.pgrehearse.scenarios.topology.Gateway;

/** A pooler that the scenario starts and steers by commands of its own. */
record OwnPooler(CommandPooler pooler, String database) implements FrontPooler {
    private static final String FOLDER = "pooler";

    /** Starts it with a folder of its own among the run's logs. */
    static OwnPooler start(PoolerPlan plan, Path logs, Gateway source, Gateway target) {
        Map<Side, PgBouncer.Address> sides = Map.of(
                Side.SOURCE, new PgBouncer.Address(source.host(), source.port()),
                Side.TARGET, new PgBouncer.Address(target.host(), target.port()));
        return new OwnPooler(
                CommandPooler.start(plan, logs.resolve(FOLDER), sides, source.database()), source.database());
    }

    @Override
    public List<Gateway> gateways() {
        PgBouncer.Address address = pooler.address();
        return Stream.of(Side.values())
                .map(side -> new Gateway(side, address.host(), address.port(), database))
                .toList();
    }

    @Override
    public void pause(Duration patience) throws SQLException {
        pooler.pause(patience);
    }

    @Override
    public void resume() throws SQLException {
        pooler.resume();
    }

    @Override
    public void lead(Side side) throws SQLException {
        pooler.lead(side);
    }

    @Override
    public void close() {
        pooler.close();
    }
}
