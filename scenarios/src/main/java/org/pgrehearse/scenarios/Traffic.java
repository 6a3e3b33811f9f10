package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.workload.Gauge;
import org.pgrehearse.scenarios.workload.Load;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.ProbePlan;
import org.pgrehearse.scenarios.workload.Sentinel;
import org.pgrehearse.scenarios.workload.Tokens;
import org.pgrehearse.scenarios.workload.Workload;

/** The load and the sentinel of one run. */
final class Traffic implements AutoCloseable {
    private static final Duration CLOSE_DRAIN_MAX = Duration.ofSeconds(2);
    private static final Duration PRACTICE = Duration.ofSeconds(3);

    private final Load load;
    private final Sentinel sentinel;
    private boolean stopped;

    private Traffic(Load load, Sentinel sentinel) {
        this.load = load;
        this.sentinel = sentinel;
    }

    /**
     * Starts both on the side the instances use now, after a practice that is not recorded: a JVM that is still
     * compiling its own code would be taken for a slow server.
     */
    static Traffic start(Scenario scenario, Instances instances, Server source, long seed, Recorder recorder)
            throws SQLException, InterruptedException {
        Workload workload;
        try (Connection connection = source.admin()) {
            workload = WorkloadChoice.of(scenario.load(), connection, recorder);
        }
        Traffic practice = begin(scenario, instances, workload, Tokens.unrecorded(), seed, new Unrecorded(recorder));
        try (practice) {
            TimeUnit.NANOSECONDS.sleep(PRACTICE.toNanos());
        }
        return begin(scenario, instances, workload, Tokens.recorded(), seed, recorder);
    }

    private static Traffic begin(
            Scenario scenario, Instances instances, Workload workload, Tokens tokens, long seed, Recorder recorder)
            throws SQLException, InterruptedException {
        ProbePlan usual = ProbePlan.usual();
        ProbePlan probes = new ProbePlan(
                scenario.sentinel().interval(),
                usual.deadline(),
                usual.patience(),
                scenario.sentinel().freshOneIn(),
                usual.slotsReserve());
        Sentinel sentinel = Sentinel.start(probes, instances.sentinel(), tokens, recorder);
        LoadPlan plan = LoadPlan.perSecond(scenario.load().ratePerSecond())
                .with(
                        scenario.load().curve(),
                        scenario.load().isolation(),
                        scenario.load().retry());
        return new Traffic(Load.start(plan, workload, instances.loaded(), tokens, recorder, seed), sentinel);
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
