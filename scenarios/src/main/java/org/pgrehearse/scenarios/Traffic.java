package org.pgrehearse.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.capture.WorkloadFile;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.ReplaySpec;
import org.pgrehearse.scenarios.workload.Gauge;
import org.pgrehearse.scenarios.workload.Load;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.Loads;
import org.pgrehearse.scenarios.workload.ProbePlan;
import org.pgrehearse.scenarios.workload.Promises;
import org.pgrehearse.scenarios.workload.Replay;
import org.pgrehearse.scenarios.workload.Sentinel;
import org.pgrehearse.scenarios.workload.Tokens;
import org.pgrehearse.scenarios.workload.Users;
import org.pgrehearse.scenarios.workload.Workload;

/** The load and the sentinel of one run. */
final class Traffic implements AutoCloseable {
    private static final Duration CLOSE_DRAIN_MAX = Duration.ofSeconds(2);
    private static final Duration PRACTICE = Duration.ofSeconds(3);

    private final Users load;
    private final Sentinel sentinel;
    private final @Nullable Promises promises;
    private boolean stopped;

    private Traffic(Users load, Sentinel sentinel, @Nullable Promises promises) {
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
        if (scenario.load().replay().present()) {
            return replaying(scenario, instances, seed, recorder);
        }
        Workload workload;
        Map<Workload, Duration> jobs;
        try (Connection connection = source.admin()) {
            workload = WorkloadChoice.of(scenario.load(), connection, recorder);
            jobs = WorkloadChoice.jobs(scenario.load(), connection, recorder);
        }
        Traffic practice = begin(
                scenario, instances, workload, Map.of(), Tokens.unrecorded(), ~seed, new Unrecorded(recorder), false);
        try (practice) {
            TimeUnit.NANOSECONDS.sleep(PRACTICE.toNanos());
        }
        return begin(
                scenario,
                instances,
                workload,
                jobs,
                Tokens.recorded(),
                seed,
                recorder,
                scenario.promises().any());
    }

    /** Without a practice: a recording that is replayed twice would leave its data twice. */
    private static Traffic replaying(Scenario scenario, Instances instances, long seed, Recorder recorder)
            throws SQLException, InterruptedException {
        ReplaySpec spec = scenario.load().replay();
        List<Recorded> recorded;
        try {
            recorded = WorkloadFile.read(Path.of(spec.file()));
        } catch (IOException e) {
            throw new EnvironmentException("Cannot replay: " + e.getMessage(), e);
        }
        Tokens tokens = Tokens.recorded();
        Sentinel sentinel = Sentinel.start(probes(scenario), instances.sentinel(), tokens, recorder);
        Replay replay = Replay.start(
                recorded,
                spec.speed(),
                LoadPlan.perSecond(scenario.load().ratePerSecond()).patience(),
                instances.loaded(),
                tokens,
                recorder);
        return new Traffic(replay, sentinel, promises(scenario, instances, recorder, seed));
    }

    private static Traffic begin(
            Scenario scenario,
            Instances instances,
            Workload workload,
            Map<Workload, Duration> jobs,
            Tokens tokens,
            long seed,
            Recorder recorder,
            boolean promising)
            throws SQLException, InterruptedException {
        Sentinel sentinel = Sentinel.start(probes(scenario), instances.sentinel(), tokens, recorder);
        LoadPlan plan = LoadPlan.perSecond(scenario.load().ratePerSecond())
                .with(
                        scenario.load().curve(),
                        scenario.load().isolation(),
                        scenario.load().retry());
        @Nullable Promises promises = promising ? promises(scenario, instances, recorder, seed) : null;
        List<Load> loads = new ArrayList<>();
        loads.add(Load.start(plan, workload, instances.loaded(), tokens, recorder, seed));
        for (Map.Entry<Workload, Duration> job : jobs.entrySet()) {
            LoadPlan own = plan.each(job.getValue());
            loads.add(Load.start(own, job.getKey(), instances.batch(), tokens, recorder, seed + loads.size()));
        }
        return new Traffic(new Loads(loads), sentinel, promises);
    }

    private static @Nullable Promises promises(Scenario scenario, Instances instances, Recorder recorder, long seed)
            throws SQLException, InterruptedException {
        return scenario.promises().any()
                ? Promises.start(scenario.promises(), instances.loaded(), recorder, seed)
                : null;
    }

    private static ProbePlan probes(Scenario scenario) {
        ProbePlan usual = ProbePlan.usual();
        return new ProbePlan(
                scenario.sentinel().interval(),
                usual.deadline(),
                usual.patience(),
                scenario.sentinel().freshOneIn(),
                usual.slotsReserve());
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
