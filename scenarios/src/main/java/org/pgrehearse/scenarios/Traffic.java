package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.workload.Gauge;
import org.pgrehearse.scenarios.workload.Load;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.ProbePlan;
import org.pgrehearse.scenarios.workload.Sentinel;
import org.pgrehearse.scenarios.workload.Shop;
import org.pgrehearse.scenarios.workload.ShopMix;
import org.pgrehearse.scenarios.workload.Tokens;

/** The load and the sentinel of one run. */
final class Traffic implements AutoCloseable {
    private static final Duration CLOSE_DRAIN_MAX = Duration.ofSeconds(2);

    private final Load load;
    private final Sentinel sentinel;
    private boolean stopped;

    private Traffic(Load load, Sentinel sentinel) {
        this.load = load;
        this.sentinel = sentinel;
    }

    /** Starts both on the side the instances use now. */
    static Traffic start(Scenario scenario, Instances instances, Server source, long seed, Recorder recorder)
            throws SQLException, InterruptedException {
        Tokens tokens = new Tokens();
        ProbePlan usual = ProbePlan.usual();
        ProbePlan probes = new ProbePlan(
                scenario.sentinel().interval(),
                usual.deadline(),
                usual.patience(),
                scenario.sentinel().freshOneIn(),
                usual.slotsReserve());
        Shop shop;
        try (Connection connection = source.admin()) {
            shop = Shop.on(connection, ShopMix.usual());
        }
        Sentinel sentinel = Sentinel.start(probes, instances.sentinel(), tokens, recorder);
        LoadPlan plan = LoadPlan.perSecond(scenario.load().ratePerSecond());
        return new Traffic(Load.start(plan, shop, instances.loaded(), tokens, recorder, seed), sentinel);
    }

    Gauge.Reading gauge() {
        return load.gauge();
    }

    /** Ends both; every operation and probe is recorded when this returns. */
    synchronized void stop(Duration drain) throws InterruptedException {
        if (!stopped) {
            stopped = true;
            load.stop(drain);
            sentinel.stop();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop(CLOSE_DRAIN_MAX);
    }
}
