package org.pgrehearse.scenarios;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.harm.Traces;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.CommandPooler;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.fault.FaultSchedule;
import org.pgrehearse.scenarios.guard.GuardWatch;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.migration.Runbook;
import org.pgrehearse.scenarios.migration.ServerGone;
import org.pgrehearse.scenarios.monitor.ReplicationMonitor;
import org.pgrehearse.scenarios.monitor.ServerMonitors;
import org.pgrehearse.scenarios.settlement.DeletedKeys;
import org.pgrehearse.scenarios.settlement.Settlement;
import org.pgrehearse.scenarios.spec.Scenario;

/**
 * One run of a scenario: the only part of pgrehearse with effects. It does what the scenario says, once, and records
 * everything that happens; what it means is decided later, from the record alone. For one use, by one thread;
 * {@link #live} is for any thread.
 */
public final class Rehearsal {
    private static final Duration DRAIN_MAX = Duration.ofSeconds(15);
    private static final Duration QUIET_MAX = Duration.ofSeconds(20);

    /** How long users may wait for service after a way back. */
    private static final Duration SERVICE_MAX = Duration.ofSeconds(30);

    private final RehearsalPlan plan;
    private final Recorder recorder;
    private final Consumer<String> progress;
    private final LiveBoard board;
    private final DeletedKeys deleted;
    private volatile @Nullable Thread runner;
    private volatile boolean stopping;

    /**
     * A run that has not begun.
     *
     * @param recorder takes every event; the caller opens and closes it
     * @param progress hears one line about whatever takes time before the load starts
     */
    public Rehearsal(RehearsalPlan plan, Recorder recorder, Consumer<String> progress) {
        this.plan = plan;
        this.deleted = new DeletedKeys(recorder);
        this.board = new LiveBoard(deleted);
        this.recorder = board;
        this.progress = progress;
    }

    /** What is happening now. */
    public Live live() {
        return board.live();
    }

    /** Ends the run early and in order; returns at once. */
    public void stop() {
        stopping = true;
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Runs it from beginning to end. Whatever goes wrong is in the journal. */
    public void run() {
        runner = Thread.currentThread();
        recorder.record(plan.opening(recorder.nowNanos()));
        Runbook.Result result = new Runbook.Result(Ending.BROKEN, "the run did not get to its end");
        try {
            result = rehearse();
        } catch (InterruptedException e) {
            result = new Runbook.Result(Ending.INTERRUPTED, "a signal ended the run");
        } catch (EnvironmentException | ServerGone | SQLException | IOException e) {
            result = new Runbook.Result(Ending.BROKEN, String.valueOf(e.getMessage()));
        } finally {
            if (stopping) {
                result = new Runbook.Result(Ending.INTERRUPTED, "a signal ended the run");
            }
            if (result.ending() == Ending.BROKEN) {
                recorder.record(new Event.Trouble(recorder.nowNanos(), "run", result.detail()));
            }
            recorder.record(new Event.RunClosed(recorder.nowNanos(), result.ending(), result.detail()));
        }
    }

    private Runbook.Result rehearse() throws InterruptedException, SQLException, IOException {
        phase("start");
        for (String orphan : Traces.clearMachine()) {
            progress.accept("ended " + orphan + " for a run that is gone");
        }
        for (long orphan : CommandPooler.endOrphans()) {
            progress.accept("ended process " + orphan + " of a pooler for a run that is gone");
        }
        try (Environment environment = Environments.open(plan, progress)) {
            return on(environment);
        }
    }

    private Runbook.Result on(Environment environment) throws InterruptedException, SQLException, IOException {
        try {
            tellVersions(environment);
            tellFacts(environment);
            phase("fill");
            RunSchema schema = new RunSchema(environment, plan.scenario());
            schema.create(Side.SOURCE);
            schema.fill(plan.seed(), progress);
            Runbook.Result result = underLoad(environment, schema);
            phase("settle");
            new Settlement(recorder, QUIET_MAX).read(List.copyOf(environment.servers()), deleted);
            return result;
        } catch (SQLException e) {
            Workbench.requireAlive(environment); // a dead server explains the failure better than a broken connection
            throw e;
        } finally {
            for (RunServer server : environment.servers()) {
                Side side = server.side();
                if (Environments.fullDisk(plan.scenario(), side).isPresent()) {
                    continue; // that was on purpose
                }
                server.logFile()
                        .flatMap(log -> ServerLogs.diskFull(side, log))
                        .ifPresent(fact -> recorder.record(new Event.Trouble(recorder.nowNanos(), "disk", fact)));
            }
        }
    }

    private Runbook.Result underLoad(Environment environment, RunSchema schema)
            throws InterruptedException, SQLException, IOException {
        Scenario scenario = plan.scenario();
        try (Topology topology = Topology.build(network(environment), environment, scenario, plan.logs(), recorder);
                HeldSnapshots held = new HeldSnapshots(environment);
                ReplicationMonitor monitor = environment.hasTarget()
                        ? ReplicationMonitor.start(environment.source(), environment.target(), recorder)
                        : ReplicationMonitor.alone(environment.source(), recorder);
                ServerMonitors _servers = ServerMonitors.start(environment.servers(), recorder);
                GuardWatch guards = guards(environment, monitor);
                Traffic traffic =
                        Traffic.start(scenario, topology.instances(), environment.source(), plan.seed(), recorder);
                FaultSchedule faults =
                        new FaultSchedule(scenario.faults(), plan.seed(), topology.injector(), recorder)) {
            board.watch(traffic::gauge, monitor::lagBytes, faults::inPlace);
            board.tellCommits(faults::acknowledged);
            faults.read(new FaultSchedule.Readings(
                    monitor::lagBytes, monitor::lagSeconds, monitor::copied, monitor::walBytes, monitor::lsn));
            Workbench rig = new Workbench(
                    environment,
                    topology,
                    held,
                    recorder,
                    faults::excuses,
                    () -> stopping,
                    new Rig.Places(plan.start(), plan.logs().resolve("steps")),
                    schema);
            phase("warm-up");
            recorder.record(new Event.AuthorityMoved(recorder.nowNanos(), Side.SOURCE));
            faults.start();
            rig.rest(scenario.warmUp());
            Runbook runbook = new Runbook(Environments.system(scenario), scenario.runbook(), faults);
            guards.start(runbook::stop);
            Runbook.Result result = runbook.run(rig);
            guards.close();
            faults.close();
            topology.requireNoFaultRemains();
            if (result.ending() != Ending.BROKEN) {
                phase("cool-down");
                if (guards.fired().isPresent()) {
                    guards.awaitService(SERVICE_MAX, rig::checkpoint);
                }
                rig.rest(scenario.coolDown());
            }
            phase("drain");
            traffic.stop(DRAIN_MAX);
            return result;
        }
    }

    private FaultNetwork network(Environment environment) throws IOException {
        List<ServerControl> servers =
                environment.servers().stream().map(RunServer::control).toList();
        if (environment.toxiproxy().isPresent()) {
            return FaultNetwork.in(environment.toxiproxy().get(), servers, recorder::nowNanos);
        }
        return plan.toxiproxy() == null
                ? FaultNetwork.embedded(servers, plan.seed(), recorder::nowNanos)
                : FaultNetwork.on(plan.toxiproxy(), servers, Topology.proxies(), recorder::nowNanos, progress);
    }

    private GuardWatch guards(Environment environment, ReplicationMonitor monitor) {
        GuardWatch guards = new GuardWatch(
                plan.scenario().guards(),
                recorder,
                monitor::lagBytes,
                monitor::lagSeconds,
                List.copyOf(environment.servers()));
        board.tell(guards::hear);
        return guards;
    }

    private void tellVersions(Environment environment) throws SQLException {
        for (RunServer server : environment.servers()) {
            try (Connection connection = server.admin()) {
                String version = connection.getMetaData().getDatabaseProductVersion();
                recorder.record(new Event.EnvironmentFact(
                        recorder.nowNanos(), server.side().name().toLowerCase(Locale.ROOT), "PostgreSQL " + version));
            }
        }
    }

    private void tellFacts(Environment environment) {
        environment
                .facts()
                .forEach((name, value) -> recorder.record(new Event.EnvironmentFact(recorder.nowNanos(), name, value)));
    }

    private void phase(String name) {
        recorder.record(new Event.PhaseStarted(recorder.nowNanos(), name));
    }
}
