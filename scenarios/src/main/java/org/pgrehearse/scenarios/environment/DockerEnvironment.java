package org.pgrehearse.scenarios.environment;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.Secret;
import org.postgresql.util.PasswordUtil;

/**
 * A source and a target in containers, in a network of their own, for one run. Closing it saves the logs and removes
 * containers, data and network; what a killed run could not remove the next start does.
 */
public final class DockerEnvironment implements Environment {
    private static final int SECRET_BYTES = 18;
    private static final int API_PORT = 8474;
    private static final int HTTP_OK = 200;
    private static final Duration API_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final String TOXIPROXY = "toxiproxy";

    private final DockerEngine engine;
    private final String network;
    private final String gateway;
    private final String password;
    private final DockerServer source;
    private final DockerServer target;
    private final Path logFolder;
    private String toxiproxyId = "";
    private @Nullable ProxyStation station;
    private boolean closed;

    private DockerEnvironment(
            DockerEngine engine, DockerPlan plan, Path logFolder, String network, Set<Integer> ports) {
        this.engine = engine;
        this.network = network;
        this.logFolder = logFolder;
        this.password = HexFormat.of().formatHex(bytes());
        this.gateway = engine.createNetwork(network);
        this.source = server(Side.SOURCE, plan, ports);
        this.target = server(Side.TARGET, plan, ports);
    }

    /**
     * Starts both containers, with an empty database and the roles of the load.
     *
     * @param proxies the names of fault proxies that a Toxiproxy of the plan will be asked for
     * @param logFolder takes source.log and target.log; made when it is not there
     * @param progress hears about what takes time, one line each
     * @throws EnvironmentException when there is no engine, an image is missing or is no PostgreSQL; nothing is left
     *     running then
     */
    public static DockerEnvironment start(
            DockerPlan plan, List<String> proxies, Path logFolder, Consumer<String> progress) {
        DockerEngine engine = DockerEngine.find();
        engine.requireLocal();
        engine.cleanDeadRuns(progress);
        engine.requireImage(plan.source().image());
        engine.requireImage(plan.target().image());
        if (!plan.toxiproxy().isEmpty()) {
            engine.requireImage(plan.toxiproxy());
        }
        Path logs = logFolder.toAbsolutePath();
        try {
            Files.createDirectories(logs);
        } catch (IOException failed) {
            throw new EnvironmentException("Cannot make the folder " + logs + ": " + failed.getMessage() + ".", failed);
        }
        Set<Integer> ports = new HashSet<>();
        String name = "pgrehearse-" + HexFormat.of().formatHex(bytes()).substring(0, 12);
        DockerEnvironment environment = new DockerEnvironment(engine, plan, logs, name, ports);
        try {
            environment.startAll(plan, proxies, ports, progress);
            return environment;
        } catch (RuntimeException failed) {
            try {
                environment.close();
            } catch (EnvironmentException further) {
                failed.addSuppressed(further);
            }
            throw failed;
        }
    }

    /** Whether this process may signal processes in containers: kill, pause, stop and restart need that. */
    public static boolean mayHarm() {
        return DockerControl.mayHarm();
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static int port(Set<Integer> taken) {
        SecureRandom random = new SecureRandom();
        int port = Ports.choose(random);
        while (!taken.add(port)) {
            port = Ports.choose(random);
        }
        return port;
    }

    private DockerServer server(Side side, DockerPlan plan, Set<Integer> ports) {
        String file = side.name().toLowerCase(Locale.ROOT) + ".log";
        return new DockerServer(
                engine, side, plan.container(side), network, password, logFolder.resolve(file), port(ports));
    }

    private void startAll(DockerPlan plan, List<String> proxies, Set<Integer> ports, Consumer<String> progress) {
        for (DockerServer server : List.of(source, target)) {
            progress.accept("starting " + plan.container(server.side()).image() + " as " + server.name() + " …");
            server.start();
            prepare(server);
        }
        if (!plan.toxiproxy().isEmpty()) {
            progress.accept("starting " + plan.toxiproxy() + " …");
            station = startToxiproxy(plan.toxiproxy(), proxies, ports);
        }
    }

    private void prepare(DockerServer server) {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement()) {
            role(statement, EmbeddedEnvironment.WEB_ROLE, "LOGIN");
            role(statement, EmbeddedEnvironment.BATCH_ROLE, "LOGIN");
            role(statement, EmbeddedEnvironment.REPLICATION_ROLE, "LOGIN REPLICATION");
            if (server.majorVersion() >= EmbeddedEnvironment.READ_ALL_DATA_SINCE) {
                statement.execute("GRANT pg_read_all_data TO " + EmbeddedEnvironment.REPLICATION_ROLE);
            }
        } catch (SQLException failed) {
            throw new EnvironmentException(
                    "Cannot prepare the " + server.name() + ": " + failed.getMessage() + ".", failed);
        }
    }

    /** The server sees a verifier of the password and not the password, which its log could hold. */
    private void role(Statement statement, String name, String attributes) throws SQLException {
        String verifier = PasswordUtil.encodePassword(name, password.toCharArray(), "scram-sha-256");
        statement.execute("CREATE ROLE " + name + " " + attributes + " PASSWORD '" + verifier + "'");
    }

    private ProxyStation startToxiproxy(String image, List<String> proxies, Set<Integer> taken) {
        int api = port(taken);
        Map<String, Integer> ports = new HashMap<>();
        List<PortBinding> bindings = new ArrayList<>();
        List<ExposedPort> exposed = new ArrayList<>(List.of(ExposedPort.tcp(API_PORT)));
        bindings.add(new PortBinding(Binding.bindIpAndPort(Ports.LOOPBACK, api), ExposedPort.tcp(API_PORT)));
        for (String proxy : proxies) {
            int port = port(taken);
            ports.put(proxy, port);
            exposed.add(ExposedPort.tcp(port));
            bindings.add(new PortBinding(Binding.bindIpAndPort(Ports.LOOPBACK, port), ExposedPort.tcp(port)));
        }
        CreateContainerCmd command = engine.container(image)
                .withName(network + "-" + TOXIPROXY)
                .withAliases(TOXIPROXY)
                .withExposedPorts(exposed)
                .withHostConfig(
                        HostConfig.newHostConfig().withNetworkMode(network).withPortBindings(bindings));
        toxiproxyId = engine.create(command);
        engine.start(toxiproxyId, "Toxiproxy from " + image);
        awaitApi(api, image);
        return new ProxyStation(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), api),
                TOXIPROXY,
                ports,
                Map.of(
                        Ports.LOOPBACK + ":" + source.port(), source.name() + ":" + DockerServer.PORT,
                        Ports.LOOPBACK + ":" + target.port(), target.name() + ":" + DockerServer.PORT));
    }

    private void awaitApi(int port, String image) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Ports.LOOPBACK + ":" + port + "/version"))
                .timeout(API_MAX)
                .build();
        String last = "nothing answered";
        try (HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < API_MAX.toNanos()
                    && Boolean.TRUE.equals(engine.state(toxiproxyId).getRunning())) {
                try {
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    if (status == HTTP_OK) {
                        return;
                    }
                    last = "it answered with status " + status;
                } catch (IOException notYet) {
                    last = String.valueOf(notYet.getMessage());
                }
                LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("Cannot start " + image + ": interrupted. Run again.", interrupted);
        }
        Path log = toxiproxyLog();
        throw new EnvironmentException("Cannot use " + image + " as a Toxiproxy: its API does not answer on port "
                + API_PORT + " (" + last + "). The last lines of its log:\n" + LogTail.of(log));
    }

    private Path toxiproxyLog() {
        Path log = logFolder.resolve(TOXIPROXY + ".log");
        engine.copyLog(toxiproxyId, log);
        return log;
    }

    @Override
    public RunServer source() {
        return source;
    }

    @Override
    public RunServer target() {
        return target;
    }

    @Override
    public Login login(Side side, String role) {
        return new Login(role, Secret.of(password), Map.of());
    }

    @Override
    public String replicationRole(Side side) {
        return EmbeddedEnvironment.REPLICATION_ROLE;
    }

    @Override
    public String replicationSecret(Side side) {
        return " password=" + password;
    }

    /** The address of this machine on the run's own bridge, which nobody else reaches. */
    @Override
    public Optional<String> proxyHost() {
        return Optional.of(gateway);
    }

    @Override
    public Optional<ProxyStation> toxiproxy() {
        return Optional.ofNullable(station);
    }

    @Override
    public PgBouncer pooler(Collection<String> roles, PgBouncer.Address lead) {
        throw new EnvironmentException(
                "Cannot start PgBouncer: containers have none. Use the embedded or the local environment.");
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // An interrupt is the usual way to get here, and would end each request to the engine at once.
        boolean interrupted = Thread.interrupted();
        try {
            removeAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeAll() {
        List<Runnable> all = List.of(
                () -> {
                    if (!toxiproxyId.isEmpty()) {
                        toxiproxyLog();
                        engine.removeContainer(toxiproxyId);
                    }
                },
                target::close,
                source::close,
                () -> engine.removeNetwork(network));
        EnvironmentException failure = null;
        for (Runnable one : all) {
            try {
                one.run();
            } catch (EnvironmentException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
