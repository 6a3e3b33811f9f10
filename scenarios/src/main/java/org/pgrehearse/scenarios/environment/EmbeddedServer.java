package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.reports.journal.Side;

/**
 * A PostgreSQL server that is our own child process, on a port of 127.0.0.1. Thread-safe: one thread may start or stop
 * it while others kill, pause or ask. Failures are {@link EnvironmentException}s that quote the server's log.
 */
public final class EmbeddedServer implements RunServer, Premises, AutoCloseable {
    /** The superuser of every embedded server. */
    public static final String SUPERUSER = "postgres";

    /** How long a stop may take unless it is said otherwise. */
    public static final Duration STOP_DEADLINE = Duration.ofMinutes(1);

    private static final String MAINTENANCE_DATABASE = "postgres";
    private static final Duration POLL_INTERVAL = Duration.ofMillis(25);
    private static final Duration CLOSE_FAST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOSE_IMMEDIATE_PATIENCE = Duration.ofSeconds(5);
    private static final int PROBE_TIMEOUT_SECONDS = 5;
    private static final int PORT_ATTEMPTS_MAX = 10;

    private final ClusterPlan plan;
    private final IntSupplier ports;
    private final Object launching = new Object();
    private volatile int port;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile @Nullable Postmaster child;

    /** A server that is not started yet; the randomness chooses its port. */
    public EmbeddedServer(ClusterPlan plan, RandomGenerator random) {
        this(plan, () -> Ports.choose(random));
    }

    EmbeddedServer(ClusterPlan plan, IntSupplier ports) {
        this.plan = plan;
        this.ports = ports;
    }

    /** Makes the data folder when there is none, starts, and returns when a connection answers. */
    public void start() {
        startWith(Map.of());
    }

    /** The same with further environment variables for this one start. */
    public synchronized void startWith(Map<String, String> variables) {
        if (isAlive()) {
            throw new EnvironmentException("Cannot start " + name() + ": it is running. Stop it first.");
        }
        try {
            startOnFreePort(variables);
        } catch (EnvironmentException failed) {
            throw closed
                    ? new EnvironmentException(
                            "Cannot start " + name() + ": it is closed. Use a new environment.", failed)
                    : failed;
        }
    }

    @Override
    public synchronized void startOnReplacedData(Map<String, String> settings) {
        if (isAlive()) {
            throw new EnvironmentException("Cannot replace the data of " + name() + ": it is running. Stop it first.");
        }
        try {
            plan.account().give(plan.data());
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot give " + plan.data() + " to the server's account: " + failed.getMessage() + ".", failed);
        }
        new DataFolder(plan).configure(port, settings);
        startOnFreePort(Map.of());
    }

    /** A folder beside the data. */
    @Override
    public Path folder(String name) throws IOException {
        Path folder = plan.data().resolveSibling("files-" + plan.name() + "-" + name);
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            plan.account().give(folder);
        }
        return folder;
    }

    private void startOnFreePort(Map<String, String> variables) {
        DataFolder data = new DataFolder(plan);
        if (!data.exists()) {
            data.initialize((program, arguments) -> launch(program, arguments, Map.of()));
        }
        boolean first = port == 0;
        long deadline = System.nanoTime() + plan.startDeadline().toNanos();
        for (int attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt++) {
            if (first) {
                port = ports.getAsInt();
                data.configure(port);
            }
            if (tryStart(data, variables, deadline, attempt == PORT_ATTEMPTS_MAX)) {
                return;
            }
        }
    }

    /** Stops as asked, within {@link #STOP_DEADLINE}; a stopped server stays so. */
    public void stop(StopMode mode) {
        stop(mode, STOP_DEADLINE);
    }

    @Override
    public void stopNow() {
        stop(StopMode.IMMEDIATE);
    }

    /** Stops as asked; fails when the server still runs after that time. */
    public void stop(StopMode mode, Duration deadline) {
        if (!endedAfter(mode, deadline)) {
            throw new EnvironmentException("Cannot stop " + name() + ": still running " + deadline.toSeconds()
                    + " s after a " + mode.name().toLowerCase(Locale.ROOT)
                    + " stop. Use a stronger mode. The end of its log:\n" + LogTail.of(plan.log()));
        }
    }

    /** Kills the postmaster and its children (SIGKILL), as a crash would; returns when all are gone. */
    public void kill() {
        Postmaster running = child;
        if (running != null && running.isAlive()) {
            running.kill();
        }
        paused = false;
    }

    /** Freezes every process of the server (SIGSTOP): it keeps its connections and answers nothing. */
    public void pause() {
        running("pause").pause();
        paused = true;
    }

    /** Undoes {@link #pause}. */
    public void resume() {
        running("resume").resume();
        paused = false;
    }

    /** Stops and starts on the same port and data. */
    public void restart(StopMode mode) {
        stop(mode);
        start();
    }

    /** Whether the postmaster is there; a paused one is. */
    @Override
    public boolean isAlive() {
        Postmaster running = child;
        return running != null && running.isAlive();
    }

    /** The process id of the running postmaster. */
    public long pid() {
        return running("name the process of").pid();
    }

    /** The file that the server's log is appended to. */
    public Path log() {
        return plan.log();
    }

    @Override
    public Path data() {
        return plan.data();
    }

    @Override
    public ServerControl control() {
        return new EmbeddedControl(this);
    }

    @Override
    public Optional<Premises> premises() {
        return Optional.of(this);
    }

    @Override
    public Optional<Path> logFile() {
        return Optional.of(log());
    }

    @Override
    public Side side() {
        return plan.side();
    }

    @Override
    public String host() {
        return Ports.LOOPBACK;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String database() {
        return plan.database();
    }

    @Override
    public int majorVersion() {
        return plan.installation().major();
    }

    @Override
    public Connection admin() throws SQLException {
        return connect(plan.database(), SUPERUSER);
    }

    @Override
    public Connection admin(String database) throws SQLException {
        return connect(database, SUPERUSER);
    }

    @Override
    public Connection replication() throws SQLException {
        Properties properties = properties(SUPERUSER);
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "12");
        properties.setProperty("preferQueryMode", "simple");
        return connect(plan.database(), properties);
    }

    /** A new connection to any database as any role; the server trusts loopback. */
    public Connection connect(String database, String role) throws SQLException {
        return connect(database, properties(role));
    }

    /** Stops by the gentlest means that works in bounded time; the server cannot be started again. */
    @Override
    public void close() {
        synchronized (launching) {
            closed = true;
        }
        // An interrupted caller wants its servers gone no less.
        boolean interrupted = Thread.interrupted();
        try {
            if (!endedAfter(StopMode.FAST, CLOSE_FAST_PATIENCE)
                    && !endedAfter(StopMode.IMMEDIATE, CLOSE_IMMEDIATE_PATIENCE)) {
                kill();
            }
            SharedMemory.release(plan.data());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** False when the port was taken by somebody else, and that may pass. */
    private boolean tryStart(DataFolder data, Map<String, String> variables, long deadline, boolean last) {
        long logStart = LogTail.size(plan.log());
        Postmaster postmaster = launch("postgres", List.of("-D", plan.data().toString()), variables);
        SQLException answer = null;
        while (System.nanoTime() < deadline) {
            if (postmaster.ended(POLL_INTERVAL)) {
                String output = LogTail.since(logStart, plan.log());
                if (output.contains("could not bind") && !last) {
                    return false;
                }
                throw new EnvironmentException("Cannot start " + name() + ": the server ended with exit code "
                        + postmaster.exitCode() + ". Correct what its log says and run again:\n" + output);
            }
            try {
                if (data.ready(postmaster.pid()) && answers()) {
                    return true;
                }
            } catch (SQLException notYet) {
                answer = notYet;
            }
        }
        postmaster.kill();
        throw new EnvironmentException(
                "Cannot start " + name() + ": no connection answered within "
                        + plan.startDeadline().toSeconds() + " s. Allow more time or see the end of its log:\n"
                        + LogTail.since(logStart, plan.log()),
                answer);
    }

    /** Whether it is this very server that answers. */
    private boolean answers() throws SQLException {
        Properties properties = properties(SUPERUSER);
        properties.setProperty("connectTimeout", Integer.toString(PROBE_TIMEOUT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(PROBE_TIMEOUT_SECONDS));
        try (Connection connection = connect(MAINTENANCE_DATABASE, properties);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW data_directory")) {
            return rows.next() && plan.data().toString().equals(rows.getString(1));
        }
    }

    private Postmaster launch(String program, List<String> arguments, Map<String, String> variables) {
        List<String> command = Stream.of(
                        plan.account().sessionPrefix().stream(),
                        Stream.of(plan.installation().program(program).toString()),
                        arguments.stream())
                .flatMap(part -> part)
                .toList();
        synchronized (launching) {
            if (closed) {
                throw new EnvironmentException("Cannot launch " + program + ": its server is closed. Use a new one.");
            }
            try {
                Postmaster launched = Postmaster.launch(command, Path.of("/"), plan.log(), variables);
                child = launched;
                paused = false;
                return launched;
            } catch (IOException failed) {
                throw new EnvironmentException(
                        "Cannot start " + program + " for " + name() + ": " + failed.getMessage() + ". Check that "
                                + plan.log() + " can be written and the program can be run.",
                        failed);
            }
        }
    }

    private boolean endedAfter(StopMode mode, Duration patience) {
        Postmaster running = child;
        if (running == null || !running.isAlive()) {
            return true;
        }
        running.signal(mode.signal());
        if (paused) {
            running.resume();
            paused = false;
        }
        return running.ended(patience);
    }

    private Postmaster running(String verb) {
        Postmaster running = child;
        if (running == null || !running.isAlive()) {
            throw new EnvironmentException("Cannot " + verb + " " + name() + ": it is not running. Start it first.");
        }
        return running;
    }

    private Connection connect(String name, Properties properties) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + host() + ":" + port + "/" + name, properties);
    }

    private static Properties properties(String role) {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("ApplicationName", "pgrehearse");
        properties.setProperty("connectTimeout", "10");
        return properties;
    }

    private String name() {
        return plan.name();
    }
}
