package org.pgrehearse.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.harm.Traces;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.PromiseTables;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Installations;
import org.pgrehearse.scenarios.environment.LocalInstallations;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.fault.FaultSchedule;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.guard.GuardWatch;
import org.pgrehearse.scenarios.migration.MigrationSystem;
import org.pgrehearse.scenarios.migration.MigrationTools;
import org.pgrehearse.scenarios.migration.Needs;
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
        Scenario scenario = plan.scenario();
        phase("start");
        for (String orphan : Traces.clearMachine()) {
            progress.accept("ended " + orphan + " for a run that is gone");
        }
        Needs needs = system(scenario).needs(scenario);
        int sourceMajor = scenario.environment().source();
        int targetMajor = scenario.environment().target();
        Installations installations = needs.extension().isPresent()
                ? LocalInstallations.detect(System.getenv(), Path.of("/"))
                : plan.installations();
        ClientPrograms programs = ClientPrograms.detect(System.getenv(), Path.of("/"));
        needs.require(sourceMajor, targetMajor, programs, installations);
        MigrationTools.require(scenario, programs);
        EmbeddedPlan servers = EmbeddedPlan.of(sourceMajor, targetMajor)
                .withSettings(needs.settings())
                .withoutExitHook();
        for (Side side : Side.values()) {
            OptionalLong disk = fullDisk(side);
            servers = disk.isPresent() ? servers.withDisk(side, disk.getAsLong()) : servers;
        }
        try (EmbeddedEnvironment environment =
                EmbeddedEnvironment.start(servers, plan.logs(), plan.machine(), installations, progress)) {
            return on(environment);
        }
    }

    private OptionalLong fullDisk(Side side) {
        return FaultWords.diskBytes(plan.scenario().faults(), side.name().toLowerCase(Locale.ROOT));
    }

    private Runbook.Result on(EmbeddedEnvironment environment) throws InterruptedException, SQLException, IOException {
        try {
            tellVersions(environment);
            phase("fill");
            fill(environment.source());
            Runbook.Result result = underLoad(environment);
            phase("settle");
            new Settlement(recorder, QUIET_MAX).read(List.of(environment.source(), environment.target()), deleted);
            return result;
        } catch (SQLException e) {
            Workbench.requireAlive(environment); // a dead server explains the failure better than a broken connection
            throw e;
        } finally {
            for (Side side : Side.values()) {
                if (fullDisk(side).isPresent()) {
                    continue; // that was on purpose
                }
                ServerLogs.diskFull(side, environment.server(side).log())
                        .ifPresent(fact -> recorder.record(new Event.Trouble(recorder.nowNanos(), "disk", fact)));
            }
        }
    }

    private void fill(Server source) throws SQLException {
        try (Connection connection = source.admin()) {
            ShopDataset.createSchema(connection);
            loadTables().create(connection);
            loadTables().fill(connection);
            if (plan.scenario().promises().any()) {
                PromiseTables.createSchema(connection);
                PromiseTables.openAccounts(connection);
            }
        }
        ShopDataset.fill(source, plan.seed(), plan.scenario().dataset().orders(), progress);
    }

    private LoadTables loadTables() {
        return new LoadTables(plan.scenario().load());
    }

    private Runbook.Result underLoad(EmbeddedEnvironment environment)
            throws InterruptedException, SQLException, IOException {
        Scenario scenario = plan.scenario();
        try (Topology topology = Topology.build(network(environment), environment, scenario, recorder);
                HeldSnapshots held = new HeldSnapshots(environment);
                ReplicationMonitor monitor =
                        ReplicationMonitor.start(environment.source(), environment.target(), recorder);
                ServerMonitors _servers =
                        ServerMonitors.start(List.of(environment.source(), environment.target()), recorder);
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
                    loadTables(),
                    scenario.promises().any());
            phase("warm-up");
            recorder.record(new Event.AuthorityMoved(recorder.nowNanos(), Side.SOURCE));
            faults.start();
            rig.rest(scenario.warmUp());
            Runbook runbook = new Runbook(system(scenario), scenario.runbook(), faults);
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

    private FaultNetwork network(EmbeddedEnvironment environment) throws IOException {
        List<EmbeddedControl> servers =
                List.of(new EmbeddedControl(environment.source()), new EmbeddedControl(environment.target()));
        return plan.toxiproxy() == null
                ? FaultNetwork.embedded(servers, plan.seed(), recorder::nowNanos)
                : FaultNetwork.on(plan.toxiproxy(), servers, Topology.proxies(), recorder::nowNanos, progress);
    }

    private GuardWatch guards(EmbeddedEnvironment environment, ReplicationMonitor monitor) {
        GuardWatch guards = new GuardWatch(
                plan.scenario().guards(),
                recorder,
                monitor::lagBytes,
                monitor::lagSeconds,
                List.of(environment.source(), environment.target()));
        board.tell(guards::hear);
        return guards;
    }

    private static MigrationSystem system(Scenario scenario) {
        return MigrationSystem.named(scenario.migration())
                .orElseThrow(
                        () -> new IllegalStateException("a checked scenario names no system " + scenario.migration()));
    }

    private void tellVersions(EmbeddedEnvironment environment) throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = environment.server(side).admin()) {
                String version = connection.getMetaData().getDatabaseProductVersion();
                recorder.record(new Event.EnvironmentFact(
                        recorder.nowNanos(), side.name().toLowerCase(Locale.ROOT), "PostgreSQL " + version));
            }
        }
    }

    private void phase(String name) {
        recorder.record(new Event.PhaseStarted(recorder.nowNanos(), name));
    }
}
