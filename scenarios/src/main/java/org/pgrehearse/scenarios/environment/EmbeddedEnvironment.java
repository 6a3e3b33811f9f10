package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Login;

/**
 * A source and a target on this machine, or a source alone, started for one run and gone without a trace after it.
 * Closing it stops the servers and deletes their data; so does the end of the JVM, and what even that could not do the
 * next start does.
 */
public final class EmbeddedEnvironment implements Environment {
    /** The role of interactive application sessions. */
    public static final String WEB_ROLE = "shop_web";
    /** The role of batch jobs. */
    public static final String BATCH_ROLE = "shop_batch";
    /** The role that a migration replicates as; it may read every table. */
    public static final String REPLICATION_ROLE = "replicator";

    private static final Pattern ATTRIBUTES = Pattern.compile("[A-Z ]*");
    static final int READ_ALL_DATA_SINCE = 14;

    private final RunFolder folder;
    private final EmbeddedServer source;
    private final @Nullable EmbeddedServer target;
    private final ServerAccount account;
    private final Path logFolder;
    private @Nullable Thread exitHook;
    private boolean closed;

    private EmbeddedEnvironment(
            RunFolder folder,
            EmbeddedServer source,
            @Nullable EmbeddedServer target,
            ServerAccount account,
            Path logFolder) {
        this.folder = folder;
        this.source = source;
        this.target = target;
        this.account = account;
        this.logFolder = logFolder;
    }

    /**
     * Starts both servers with an empty database and the roles of the load; an {@link EnvironmentException} says what
     * is in the way, and then nothing is left running.
     *
     * @param logFolder takes source.log and target.log; made when it is not there
     * @param progress hears about what takes time, one line each
     */
    public static EmbeddedEnvironment start(
            EmbeddedPlan plan,
            Path logFolder,
            Machine machine,
            Installations installations,
            Consumer<String> progress) {
        StaleRuns.clean(machine.cache(), progress);
        requireSpace(plan, machine.cache());
        EmbeddedEnvironment environment = prepare(plan, logFolder.toAbsolutePath(), machine, installations);
        try {
            if (plan.stopsAtExit()) {
                environment.closeAtExit();
            }
            environment.startServers(progress);
            return environment;
        } catch (RuntimeException failed) {
            environment.closeAfter(failed);
            throw failed;
        }
    }

    @Override
    public EmbeddedServer source() {
        return source;
    }

    @Override
    public EmbeddedServer target() {
        if (target == null) {
            throw new IllegalStateException("a run on one server asks for its target");
        }
        return target;
    }

    @Override
    public boolean hasTarget() {
        return target != null;
    }

    private List<EmbeddedServer> embedded() {
        return target == null ? List.of(source) : List.of(source, target);
    }

    @Override
    public EmbeddedServer server(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> target();
        };
    }

    /**
     * Creates a role on both sides; no password, for the servers trust loopback.
     *
     * @param attributes as CREATE ROLE takes them, such as LOGIN REPLICATION
     */
    public void createRole(String name, String attributes) {
        embedded().forEach(server -> createRole(server, name, attributes));
    }

    @Override
    public Login login(Side side, String role) {
        return Login.trusted(role);
    }

    @Override
    public String replicationRole(Side side) {
        return REPLICATION_ROLE;
    }

    @Override
    public PgBouncer pooler(Collection<String> roles, PgBouncer.Address lead) {
        Path program = ClientPrograms.detect(System.getenv(), Path.of("/")).other("pgbouncer", "pgbouncer");
        Path own = folder.path().resolve(PgBouncer.FOLDER);
        try {
            Files.createDirectory(own);
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
            return PgBouncer.start(
                    program, account, own, logFolder.resolve("pgbouncer.log"), source.database(), roles, lead);
        } catch (IOException failed) {
            throw new EnvironmentException("Cannot make a folder for PgBouncer: " + failed.getMessage() + ".", failed);
        }
    }

    /** Stops every server, however long they resist within fixed bounds, and deletes their data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // The target first: a source waits for those who still receive from it.
        try (source;
                target) {
            Daemons.endBelow(folder.path());
        } finally {
            delete();
            // Only now: an exit that begins while this thread is closing waits for it in the hook.
            withdrawExitHook();
        }
    }

    private static void requireSpace(EmbeddedPlan plan, Cache cache) {
        Path clusters = cache.clusters();
        try {
            FileStore store = Files.getFileStore(clusters);
            if (store.getUsableSpace() < plan.diskBytesMin()) {
                throw new EnvironmentException("Cannot start servers in " + clusters + ": "
                        + store.getUsableSpace() / (1 << 20) + " MiB are free, " + plan.diskBytesMin() / (1 << 20)
                        + " MiB are needed. Free some space, or set XDG_CACHE_HOME to a larger place.");
            }
        } catch (IOException failed) {
            throw cache.unwritable(clusters, failed);
        }
    }

    private static EmbeddedEnvironment prepare(
            EmbeddedPlan plan, Path logFolder, Machine machine, Installations installations) {
        Installation sourceInstallation = installations.installation(plan.sourceMajor());
        machine.account().requireAccess(sourceInstallation.program("postgres"));
        @Nullable Installation targetInstallation = null;
        if (plan.hasTarget()) {
            targetInstallation = installations.installation(plan.targetMajor());
            machine.account().requireAccess(targetInstallation.program("postgres"));
        }
        createFolder(logFolder);
        RunFolder folder = RunFolder.create(machine.cache());
        try {
            return new EmbeddedEnvironment(
                    folder,
                    server(plan, Side.SOURCE, sourceInstallation, folder, logFolder, machine),
                    targetInstallation == null
                            ? null
                            : server(plan, Side.TARGET, targetInstallation, folder, logFolder, machine),
                    machine.account(),
                    logFolder);
        } catch (IOException failed) {
            EnvironmentException unwritable = machine.cache().unwritable(folder.path(), failed);
            try {
                folder.close();
            } catch (IOException further) {
                unwritable.addSuppressed(further);
            }
            throw unwritable;
        }
    }

    private static void createFolder(Path logFolder) {
        try {
            Files.createDirectories(logFolder);
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot create the folder for logs " + logFolder + ": " + failed.getMessage()
                            + ". Choose one that can be written.",
                    failed);
        }
    }

    private static EmbeddedServer server(
            EmbeddedPlan plan, Side side, Installation installation, RunFolder folder, Path logFolder, Machine machine)
            throws IOException {
        ClusterPlan cluster = new ClusterPlan(
                side,
                installation,
                machine.account(),
                EmbeddedPlan.DATABASE,
                folder.data(side, machine.account(), plan.disks().getOrDefault(side, 0L)),
                logFolder.resolve(side.name().toLowerCase(Locale.ROOT) + ".log"),
                plan.settings(side),
                plan.fsync(),
                plan.startDeadline());
        return new EmbeddedServer(cluster, RandomGenerator.getDefault());
    }

    private synchronized void closeAtExit() {
        Thread hook = new Thread(this::close, "stop-embedded-servers");
        Runtime.getRuntime().addShutdownHook(hook);
        exitHook = hook;
    }

    private void withdrawExitHook() {
        if (exitHook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            } catch (IllegalStateException exiting) {
                // The JVM is ending: the hook runs, and finds everything closed.
                exitHook = null;
            }
        }
    }

    /** The first failure is reported; the other side is stopped without waiting for it. */
    private void startServers(Consumer<String> progress) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = new ArrayList<>();
            for (EmbeddedServer server : embedded()) {
                starts.add(threads.submit(() -> start(server, progress)));
            }
            for (Future<?> start : starts) {
                try {
                    start.get();
                } catch (ExecutionException failed) {
                    embedded().forEach(EmbeddedServer::close);
                    throw failed.getCause() instanceof EnvironmentException known
                            ? known
                            : new IllegalStateException("starting an embedded server", failed.getCause());
                } catch (InterruptedException interrupted) {
                    embedded().forEach(EmbeddedServer::close);
                    Thread.currentThread().interrupt();
                    throw new EnvironmentException("Cannot start servers: interrupted. Run again.", interrupted);
                }
            }
        }
    }

    private void start(EmbeddedServer server, Consumer<String> progress) {
        progress.accept("starting PostgreSQL " + server.majorVersion() + " as "
                + server.side().name().toLowerCase(Locale.ROOT) + " …");
        server.start();
        try {
            folder.note(server.side(), server.pid());
            try (Connection connection = server.connect("postgres", EmbeddedServer.SUPERUSER);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + EmbeddedPlan.DATABASE);
            }
        } catch (IOException | SQLException failed) {
            throw new EnvironmentException(
                    "Cannot prepare " + server.side().name().toLowerCase(Locale.ROOT) + ": " + failed.getMessage()
                            + ". See " + server.log() + ".",
                    failed);
        }
        createRole(server, WEB_ROLE, "LOGIN");
        createRole(server, BATCH_ROLE, "LOGIN");
        createRole(server, REPLICATION_ROLE, "LOGIN REPLICATION");
        if (server.majorVersion() >= READ_ALL_DATA_SINCE) {
            execute(server, "GRANT pg_read_all_data TO " + REPLICATION_ROLE);
        }
    }

    private static void createRole(EmbeddedServer server, String name, String attributes) {
        if (!ATTRIBUTES.matcher(attributes).matches()) {
            throw new EnvironmentException("Cannot create role \"" + name + "\" with the attributes \"" + attributes
                    + "\": these are not words in capitals. Correct them.");
        }
        execute(server, "CREATE ROLE \"" + name.replace("\"", "\"\"") + "\" " + attributes);
    }

    private static void execute(EmbeddedServer server, String sql) {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new EnvironmentException(
                    "Cannot execute \"" + sql + "\" on "
                            + server.side().name().toLowerCase(Locale.ROOT) + ": " + failed.getMessage() + ". See "
                            + server.log() + ".",
                    failed);
        }
    }

    private void closeAfter(RuntimeException failed) {
        try {
            close();
        } catch (RuntimeException further) {
            failed.addSuppressed(further);
        }
    }

    private void delete() {
        try {
            folder.close();
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot delete " + folder.path() + ": " + failed.getMessage() + ". The next start tries again.",
                    failed);
        }
    }
}
