package org.pgrehearse.scenarios;

import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.PgBouncer;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.ApplicationSpec;
import org.pgrehearse.scenarios.topology.Gateway;

/** The run's PgBouncer, which leads to the fault proxy of one side at a time. */
final class LedPooler implements FrontPooler {
    /** Pooling by transaction knows no prepared statements of a session. */
    static final Map<String, String> DRIVER = Map.of("prepareThreshold", "0");

    private final PgBouncer pooler;
    private final Map<Side, PgBouncer.Address> sides;
    private final String database;

    private LedPooler(PgBouncer pooler, Map<Side, PgBouncer.Address> sides, String database) {
        this.pooler = pooler;
        this.sides = sides;
        this.database = database;
    }

    static LedPooler start(Environment environment, Scenario scenario, Gateway source, Gateway target) {
        Map<Side, PgBouncer.Address> sides = new EnumMap<>(Map.of(
                Side.SOURCE, new PgBouncer.Address(source.host(), source.port()),
                Side.TARGET, new PgBouncer.Address(target.host(), target.port())));
        List<String> roles = Stream.concat(
                        scenario.load().applications().stream().map(ApplicationSpec::role),
                        Stream.of(EmbeddedEnvironment.WEB_ROLE))
                .toList();
        PgBouncer pooler = environment.pooler(roles, new PgBouncer.Address(source.host(), source.port()));
        return new LedPooler(pooler, sides, source.database());
    }

    @Override
    public List<Gateway> gateways() {
        return Stream.of(Side.values())
                .map(side -> new Gateway(
                        side, pooler.address().host(), pooler.address().port(), database))
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
        PgBouncer.Address address = sides.get(side);
        if (address == null) {
            throw new IllegalArgumentException("the pooler knows no way to " + side);
        }
        pooler.lead(address);
    }

    @Override
    public void close() {
        pooler.close();
    }
}
