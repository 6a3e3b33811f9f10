package org.pgrehearse.scenarios.environment;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.DockerPlan.ContainerPlan;

/** A PostgreSQL server in a container, on a port of this machine that stays the same after a restart. Thread-safe. */
final class DockerServer implements RunServer {
    static final int PORT = 5432;

    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
    private static final long ALIVE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long CPU_NANOS = 1_000_000_000L;

    /** Settings that embedded servers have for a version which is not known before a container runs. */
    private static final int MAJOR_ASSUMED = 15;

    private final DockerEngine engine;
    private final Side side;
    private final ContainerPlan plan;
    private final String network;
    private final String password;
    private final Path log;
    private final int port;
    private volatile String id = "";
    private volatile int major;
    private volatile long aliveNanos;

    DockerServer(
            DockerEngine engine, Side side, ContainerPlan plan, String network, String password, Path log, int port) {
        this.engine = engine;
        this.side = side;
        this.plan = plan;
        this.network = network;
        this.password = password;
        this.log = log;
        this.port = port;
    }

    /** The side as a word, which is also the server's name in the run's network. */
    String name() {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Makes and starts the container; returns once the server accepts connections. */
    void start() {
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode(network)
                .withPortBindings(new PortBinding(Binding.bindIpAndPort(Ports.LOOPBACK, port), ExposedPort.tcp(PORT)));
        if (plan.cpus() > 0) {
            host.withNanoCPUs((long) (plan.cpus() * CPU_NANOS));
        }
        if (plan.memoryBytes() > 0) {
            host.withMemory(plan.memoryBytes());
        }
        if (plan.shmBytes() > 0) {
            host.withShmSize(plan.shmBytes());
        }
        CreateContainerCmd command = engine.container(plan.image())
                .withName(network + "-" + name())
                .withHostConfig(host)
                .withAliases(name())
                .withExposedPorts(ExposedPort.tcp(PORT))
                .withEnv(
                        "POSTGRES_USER=" + EmbeddedServer.SUPERUSER,
                        "POSTGRES_PASSWORD=" + password,
                        "POSTGRES_DB=" + EmbeddedPlan.DATABASE)
                .withCmd(arguments());
        id = engine.create(command);
        again();
    }

    private List<String> arguments() {
        Map<String, String> settings = ServerSettings.defaults(MAJOR_ASSUMED, true);
        settings.putAll(plan.settings());
        List<String> arguments = new ArrayList<>(List.of("postgres"));
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        return arguments;
    }

    /** Starts the container, killed before when it runs; returns once the server accepts connections. */
    synchronized void restart() {
        engine.kill(id);
        again();
    }

    private void again() {
        engine.start(id, "the " + name() + " from " + plan.image());
        long start = System.nanoTime();
        String last = "nothing answered";
        while (System.nanoTime() - start < START_MAX.toNanos()) {
            if (!running()) {
                throw dead("its container ended with code " + engine.state(id).getExitCodeLong());
            }
            try (Connection connection = admin()) {
                major = connection.getMetaData().getDatabaseMajorVersion();
                return;
            } catch (SQLException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new EnvironmentException("Cannot start the " + name() + ": interrupted. Run again.");
            }
        }
        throw dead("it did not answer as PostgreSQL within " + START_MAX.toSeconds() + " s (" + last + ")");
    }

    private EnvironmentException dead(String fact) {
        copyLog();
        return new EnvironmentException("Cannot start the " + name() + " from " + plan.image() + ": " + fact
                + ". The image must take what the official postgres image takes. The last lines of its log:\n"
                + LogTail.of(log));
    }

    /** The process id of the container's first process on this machine; 0 when it does not run. */
    long pid() {
        ContainerState state = engine.state(id);
        Long pid = state.getPidLong();
        return pid == null ? 0 : pid;
    }

    private boolean running() {
        return Boolean.TRUE.equals(engine.state(id).getRunning());
    }

    /** Asks the engine, but not more often than it can matter. That it is dead is never remembered. */
    @Override
    public boolean isAlive() {
        long now = System.nanoTime();
        if (aliveNanos != 0 && now - aliveNanos < ALIVE_NANOS) {
            return true;
        }
        boolean running = running();
        aliveNanos = running ? now : 0;
        return running;
    }

    /** What the server has logged until now, copied into the run's folder for logs. */
    @Override
    public Optional<Path> logFile() {
        copyLog();
        return Optional.of(log);
    }

    private void copyLog() {
        if (!id.isEmpty()) {
            engine.copyLog(id, log);
        }
    }

    /** Saves the log and removes the container with its data. */
    void close() {
        if (id.isEmpty()) {
            return;
        }
        try {
            copyLog();
        } finally {
            engine.removeContainer(id);
        }
    }

    @Override
    public ServerControl control() {
        return new DockerControl(this);
    }

    @Override
    public Side side() {
        return side;
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
        return EmbeddedPlan.DATABASE;
    }

    @Override
    public int majorVersion() {
        return major;
    }

    @Override
    public Connection admin() throws SQLException {
        return connect(database(), Map.of());
    }

    @Override
    public Connection admin(String database) throws SQLException {
        return connect(database, Map.of());
    }

    @Override
    public Connection replication() throws SQLException {
        return connect(
                database(),
                Map.of("replication", "database", "assumeMinServerVersion", "12", "preferQueryMode", "simple"));
    }

    private Connection connect(String database, Map<String, String> further) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", EmbeddedServer.SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "pgrehearse");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "10");
        further.forEach(properties::setProperty);
        return DriverManager.getConnection("jdbc:postgresql://" + host() + ":" + port + "/" + database, properties);
    }
}
