package org.pgrehearse.scenarios.workload;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Relay;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.TestServer;
import org.pgrehearse.scenarios.topology.Timeouts;

/** A server behind a relay, and an application in front of it. */
final class Stage implements AutoCloseable {
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    final TestServer server;
    final Relay relay;
    final Application application;
    final MemoryRecorder journal = new MemoryRecorder();
    final Tokens tokens = Tokens.recorded();

    private Stage(TestServer server, Relay relay, Application application) {
        this.server = server;
        this.relay = relay;
        this.application = application;
    }

    static Stage on(TestServer server, Gateway... others) throws IOException, SQLException {
        server.execute("TRUNCATE pgrehearse.ledger");
        Relay relay = new Relay(server.gateway().port());
        List<Gateway> gateways = new ArrayList<>(List.of(others));
        gateways.add(server.gatewayAt(relay.port()));
        return new Stage(server, relay, application("shop-1", gateways));
    }

    static Application application(String name, List<Gateway> gateways) {
        Route route = new Route(gateways, Side.SOURCE);
        return new Application(name, Login.trusted("postgres"), route, TIMEOUTS, PoolLimits.of(10));
    }

    Shop shop() throws SQLException {
        try (Connection source = server.admin()) {
            return Shop.on(source, ShopMix.usual());
        }
    }

    Load load(double rate, Workload workload) {
        return Load.start(LoadPlan.perSecond(rate), workload, List.of(application), tokens, journal, 42);
    }

    /** Lets the schedule go on for a while. */
    void goOn(Duration duration) {
        long until = journal.nowNanos() + duration.toNanos();
        await().dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofMillis(5))
                .atMost(duration.plusSeconds(10))
                .until(() -> journal.nowNanos() >= until);
    }

    @Override
    public void close() throws IOException {
        application.close();
        relay.close();
    }
}
