package org.pgrehearse.scenarios;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.Host;
import org.pgrehearse.scenarios.migration.Pooler;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.migration.ServerGone;
import org.pgrehearse.scenarios.migration.StepFailed;

/** What the steps of a runbook work with, wherever the servers are. */
final class Workbench implements Rig {
    private static final long POLL_MILLIS = 20;

    private final Environment environment;
    private final Topology topology;
    private final HeldSnapshots held;
    private final Recorder recorder;
    private final Comparison comparison;
    private final Predicate<String> excused;
    private final BooleanSupplier stopping;
    private final Places places;
    private final Set<Side> away = ConcurrentHashMap.newKeySet();
    private final RunSchema schema;
    private final List<String> tables;

    /**
     * Takes also who may be gone, by the names of sides in small letters, because a fault took them, and whether a
     * signal asks for the end.
     */
    Workbench(
            Environment environment,
            Topology topology,
            HeldSnapshots held,
            Recorder recorder,
            Predicate<String> excused,
            BooleanSupplier stopping,
            Places places,
            RunSchema schema)
            throws SQLException {
        this.stopping = stopping;
        this.places = places;
        this.excused = excused;
        this.schema = schema;
        this.environment = environment;
        this.topology = topology;
        this.held = held;
        this.recorder = recorder;
        this.comparison = new Comparison(environment);
        this.tables = schema.moved();
    }

    @Override
    public Server source() {
        return environment.source();
    }

    @Override
    public Server target() {
        return environment.target();
    }

    @Override
    public boolean hasTarget() {
        return environment.hasTarget();
    }

    @Override
    public String replicationConninfo() {
        return topology.replicationConninfo(Side.SOURCE);
    }

    @Override
    public String replicationConninfo(Side sender) {
        return topology.replicationConninfo(sender);
    }

    @Override
    public String replicationConninfoWithSecret(Side sender) {
        return topology.replicationConninfo(sender) + environment.replicationSecret(sender);
    }

    @Override
    public String adminConninfo(Side side) {
        Server server = environment.server(side);
        return "host=" + server.host() + " port=" + server.port() + " dbname=" + server.database() + " user="
                + server.adminRole() + " connect_timeout=5";
    }

    @Override
    public Address programsReach(Side side) {
        return topology.programsReach(side).orElseGet(() -> Rig.super.programsReach(side));
    }

    @Override
    public Host host(Side side) throws StepFailed {
        return new OwnedHost(
                side,
                environment
                        .server(side)
                        .premises()
                        .orElseThrow(() -> new StepFailed("Cannot stop the " + name(environment.server(side))
                                + " or replace its files: this environment does not own it.")),
                away);
    }

    @Override
    public String replicationRole() {
        return environment.replicationRole(Side.SOURCE);
    }

    @Override
    public List<String> tables() {
        return tables;
    }

    @Override
    public void createSchema(Side side) throws SQLException {
        schema.create(side);
    }

    @Override
    public Traffic traffic() {
        return topology.instances();
    }

    @Override
    public void holdTargetSnapshot() throws SQLException {
        held.take(Side.TARGET);
    }

    @Override
    public void verify() throws StepFailed, InterruptedException {
        verify(Side.SOURCE);
    }

    @Override
    public void verifyBack() throws StepFailed, InterruptedException {
        verify(Side.TARGET);
    }

    private void verify(Side reference) throws StepFailed, InterruptedException {
        recorder.record(new Event.Verified(recorder.nowNanos(), comparison.run(reference, held)));
    }

    @Override
    public void holdSnapshot(Side side) throws SQLException {
        held.take(side);
    }

    @Override
    public void releaseSnapshots() throws SQLException {
        held.release();
    }

    @Override
    public Pooler pooler() throws StepFailed {
        Optional<Pooler> pooler = topology.pooler();
        return pooler.isPresent() ? pooler.get() : Rig.super.pooler();
    }

    @Override
    public Recorder recorder() {
        return recorder;
    }

    @Override
    public boolean isStopping() {
        return stopping.getAsBoolean();
    }

    @Override
    public Places places() {
        return places;
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (Thread.interrupted() || stopping.getAsBoolean()) {
            throw new InterruptedException("a signal asks the run to end");
        }
        for (RunServer server : environment.servers()) {
            if (!excused.test(name(server)) && !away.contains(server.side())) {
                requireAlive(server);
            }
        }
    }

    /** Lets the load run on, noticing a signal or a dead server. */
    void rest(Duration length) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < length.toNanos()) {
            checkpoint();
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Fails with {@link ServerGone} when one of the servers has died. */
    static void requireAlive(Environment environment) {
        environment.servers().forEach(Workbench::requireAlive);
    }

    private static void requireAlive(RunServer server) {
        if (!server.isAlive()) {
            throw new ServerGone("The " + name(server)
                    + " server is gone, and no fault of the scenario took it."
                    + server.logFile().map(log -> " Its log is " + log + ".").orElse(""));
        }
    }

    private static String name(RunServer server) {
        return server.side().name().toLowerCase(Locale.ROOT);
    }
}
