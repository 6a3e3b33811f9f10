package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.PromiseTables;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedServer;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.Host;
import org.pgrehearse.scenarios.migration.Pooler;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.migration.ServerGone;
import org.pgrehearse.scenarios.migration.StepFailed;

/** What the steps of a runbook work with, on embedded servers. */
final class Workbench implements Rig {
    private static final long POLL_MILLIS = 20;

    private final EmbeddedEnvironment environment;
    private final Topology topology;
    private final HeldSnapshots held;
    private final Recorder recorder;
    private final Comparison comparison;
    private final Predicate<String> excused;
    private final BooleanSupplier stopping;
    private final Places places;
    private final Set<Side> away = ConcurrentHashMap.newKeySet();
    private final LoadTables loadTables;
    private final List<String> tables;
    private final boolean promises;

    /**
     * Takes also who may be gone, by the names of sides in small letters, because a fault took them, and whether a
     * signal asks for the end, and whether the tables of promises are moved too.
     */
    Workbench(
            EmbeddedEnvironment environment,
            Topology topology,
            HeldSnapshots held,
            Recorder recorder,
            Predicate<String> excused,
            BooleanSupplier stopping,
            Places places,
            LoadTables loadTables,
            boolean promises)
            throws SQLException {
        this.promises = promises;
        this.stopping = stopping;
        this.places = places;
        this.excused = excused;
        this.loadTables = loadTables;
        this.environment = environment;
        this.topology = topology;
        this.held = held;
        this.recorder = recorder;
        this.comparison = new Comparison(environment);
        List<String> all = new ArrayList<>(ShopDataset.tables());
        try (Connection connection = environment.source().admin()) {
            all.addAll(loadTables.names(connection));
        }
        this.tables = List.copyOf(all);
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
    public String replicationConninfo() {
        return topology.replicationConninfo(Side.SOURCE);
    }

    @Override
    public String replicationConninfo(Side sender) {
        return topology.replicationConninfo(sender);
    }

    @Override
    public String adminConninfo(Side side) {
        Server server = environment.server(side);
        return "host=" + server.host() + " port=" + server.port() + " dbname=" + server.database() + " user="
                + EmbeddedServer.SUPERUSER + " connect_timeout=5";
    }

    @Override
    public Host host(Side side) {
        return new EmbeddedHost(environment.server(side), away);
    }

    @Override
    public String replicationRole() {
        return EmbeddedEnvironment.REPLICATION_ROLE;
    }

    @Override
    public List<String> tables() {
        return Stream.concat(tables.stream(), PromiseTables.moved(promises).stream())
                .distinct()
                .toList();
    }

    @Override
    public void createSchema(Side side) throws SQLException {
        try (Connection connection = environment.server(side).admin()) {
            ShopDataset.createSchema(connection);
            loadTables.create(connection);
            if (promises) {
                PromiseTables.createSchema(connection);
            }
        }
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
        for (EmbeddedServer server : List.of(environment.source(), environment.target())) {
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
    static void requireAlive(EmbeddedEnvironment environment) {
        requireAlive(environment.source());
        requireAlive(environment.target());
    }

    private static void requireAlive(EmbeddedServer server) {
        if (!server.isAlive()) {
            throw new ServerGone("The " + name(server)
                    + " server is gone, and no fault of the scenario took it. Its log is " + server.log() + ".");
        }
    }

    private static String name(EmbeddedServer server) {
        return server.side().name().toLowerCase(Locale.ROOT);
    }
}
