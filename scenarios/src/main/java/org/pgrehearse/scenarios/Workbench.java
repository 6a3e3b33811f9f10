package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedServer;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.migration.ServerGone;
import org.pgrehearse.scenarios.migration.StepFailed;

/** What the steps of a runbook work with, on embedded servers. */
final class Workbench implements Rig {
    private static final long POLL_MILLIS = 20;

    private final EmbeddedEnvironment environment;
    private final Topology topology;
    private final HeldSnapshot held;
    private final Recorder recorder;
    private final Comparison comparison;
    private final Predicate<String> excused;
    private final LoadTables loadTables;
    private final List<String> tables;

    /** Takes also who may be gone, by the names of sides in small letters, because a fault took them. */
    Workbench(
            EmbeddedEnvironment environment,
            Topology topology,
            HeldSnapshot held,
            Recorder recorder,
            Predicate<String> excused,
            LoadTables loadTables)
            throws SQLException {
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
        return topology.replicationConninfo();
    }

    @Override
    public String replicationRole() {
        return EmbeddedEnvironment.REPLICATION_ROLE;
    }

    @Override
    public List<String> tables() {
        return tables;
    }

    @Override
    public void createSchema(Side side) throws SQLException {
        try (Connection connection = environment.server(side).admin()) {
            ShopDataset.createSchema(connection);
            loadTables.create(connection);
        }
    }

    @Override
    public Traffic traffic() {
        return topology.instances();
    }

    @Override
    public void holdTargetSnapshot() throws SQLException {
        held.take();
    }

    @Override
    public void verify() throws StepFailed, InterruptedException {
        recorder.record(new Event.Verified(recorder.nowNanos(), comparison.run(held.id())));
    }

    @Override
    public Recorder recorder() {
        return recorder;
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("a signal asks the run to end");
        }
        for (EmbeddedServer server : List.of(environment.source(), environment.target())) {
            if (!excused.test(name(server))) {
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
