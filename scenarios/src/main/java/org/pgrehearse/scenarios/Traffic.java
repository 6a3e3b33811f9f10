package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.workload.Gauge;
import org.pgrehearse.scenarios.workload.Load;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.ProbePlan;
import org.pgrehearse.scenarios.workload.Promises;
import org.pgrehearse.scenarios.workload.Sentinel;
import org.pgrehearse.scenarios.workload.Shop;
import org.pgrehearse.scenarios.workload.ShopMix;
import org.pgrehearse.scenarios.workload.Tokens;

/** The load and the sentinel of one run. */
final class Traffic implements AutoCloseable {
    private static final Duration CLOSE_DRAIN_MAX = Duration.ofSeconds(2);
    private static final Duration PRACTICE = Duration.ofSeconds(3);

    private final Load load;
    private final Sentinel sentinel;
    private final @Nullable Promises promises;
    private boolean stopped;

    private Traffic(Load load, Sentinel sentinel, @Nullable Promises promises) {
        this.load = load;
        this.promises = promises;
        this.sentinel = sentinel;
    }

    /**
     * Starts both on the side the instances use now, after a practice that is not recorded: a JVM that is still
     * compiling its own code would be taken for a slow server.
     */
    static Traffic start(Scenario scenario, Instances instances, Server source, long seed, Recorder recorder)
            throws SQLException, InterruptedException {
        Shop shop;
        try (Connection connection = source.admin()) {
            shop = Shop.on(connection, ShopMix.usual());
        }
        Traffic practice = begin(scenario, instances, shop, Tokens.unrecorded(), seed, new Unrecorded(recorder), false);
        try (practice) {
            TimeUnit.NANOSECONDS.sleep(PRACTICE.toNanos());
        }
        return begin(
                scenario,
                instances,
                shop,
                Tokens.recorded(),
                seed,
                recorder,
                scenario.promises().any());
    }

    private static Traffic begin(
            Scenario scenario,
            Instances instances,
            Shop shop,
            Tokens tokens,
            long seed,
            Recorder recorder,
            boolean promising)
            throws SQLException, InterruptedException {
        ProbePlan usual = ProbePlan.usual();
        ProbePlan probes = new ProbePlan(
                scenario.sentinel().interval(),
                usual.deadline(),
                usual.patience(),
                scenario.sentinel().freshOneIn(),
                usual.slotsReserve());
        Sentinel sentinel = Sentinel.start(probes, instances.sentinel(), tokens, recorder);
        LoadPlan plan = LoadPlan.perSecond(scenario.load().ratePerSecond());
        @Nullable
        Promises promises = promising ? Promises.start(scenario.promises(), instances.loaded(), recorder, seed) : null;
        return new Traffic(Load.start(plan, shop, instances.loaded(), tokens, recorder, seed), sentinel, promises);
    }

    Gauge.Reading gauge() {
        return load.gauge();
    }

    /** Ends all of it; every operation, promise and probe is recorded when this returns. */
    synchronized void stop(Duration drain) throws InterruptedException {
        if (!stopped) {
            stopped = true;
            if (promises != null) {
                promises.stop(drain);
            }
            load.stop(drain);
            sentinel.stop();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop(CLOSE_DRAIN_MAX);
    }

    /** The run's clock, and nothing written down but trouble. */
    private record Unrecorded(Recorder recorder) implements Recorder {
        @Override
        public long nowNanos() {
            return recorder.nowNanos();
        }

        @Override
        public void record(Event event) {
            if (event instanceof Event.Trouble) {
                recorder.record(event);
            }
        }
    }
}
