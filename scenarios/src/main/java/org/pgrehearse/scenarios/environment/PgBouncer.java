package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.Processes.Signal;
import org.postgresql.Driver;

/**
 * A PgBouncer of one run, pooling by transaction, with one database that it leads to one server at a time. Its console
 * is used as an operator would use it. Closing it ends the process. Safe for use by many threads.
 */
public final class PgBouncer implements AutoCloseable {
    static final String FOLDER = "pooler";

    private static final String CONSOLE_USER = "pgrehearse";
    private static final String INI = "pgbouncer.ini";
    private static final String PID = "pgbouncer.pid";
    private static final Duration START_MAX = Duration.ofSeconds(15);
    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int PORT_ATTEMPTS_MAX = 5;

    private final Path folder;
    private final String database;
    private final int port;
    // Held, so that its level stays: the driver warns of each console that it is no PostgreSQL.
    private final Logger driver = Logger.getLogger("org.postgresql.jdbc.PgConnection");
    private @Nullable Postmaster process;

    /** Where a server is reached. */
    public record Address(String host, int port) {}

    private PgBouncer(Path folder, String database, int port) {
        this.folder = folder;
        this.database = database;
        this.port = port;
        driver.setLevel(Level.SEVERE);
    }

    /**
     * Starts it.
     *
     * @param program the binary
     * @param folder of its own, which belongs to the account
     * @param log takes what it says
     * @param roles those that may log in, without passwords
     * @param lead where it leads to first
     */
    static PgBouncer start(
            Path program,
            ServerAccount account,
            Path folder,
            Path log,
            String database,
            Collection<String> roles,
            Address lead) {
        EnvironmentException last = new EnvironmentException("Cannot start PgBouncer: no port was tried.");
        for (int attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt++) {
            PgBouncer pooler = new PgBouncer(folder, database, Ports.choose(RandomGenerator.getDefault()));
            try {
                pooler.configure(lead, roles, account);
                pooler.launch(program, account, log);
                return pooler;
            } catch (IOException failed) {
                pooler.close();
                throw new EnvironmentException("Cannot start PgBouncer: " + failed.getMessage() + ".", failed);
            } catch (EnvironmentException failed) {
                pooler.close();
                last = failed;
            }
        }
        throw last;
    }

    private void configure(Address lead, Collection<String> roles, ServerAccount account) throws IOException {
        String users = Stream.concat(roles.stream(), Stream.of(CONSOLE_USER))
                .distinct()
                .map(role -> "\"" + role.replace("\"", "\"\"") + "\" \"\"\n")
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("users.txt"), users);
        Files.writeString(folder.resolve(INI), ini(lead));
        account.give(folder);
    }

    private String ini(Address lead) {
        return """
                [databases]
                %s = host=%s port=%d dbname=%s

                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                admin_users = %s
                pool_mode = transaction
                max_client_conn = 2000
                default_pool_size = 40
                server_login_retry = 1
                ignore_startup_parameters = extra_float_digits, replication
                pidfile = %s
                """.formatted(
                        database,
                        lead.host(),
                        lead.port(),
                        database,
                        port,
                        folder.resolve("users.txt"),
                        CONSOLE_USER,
                        folder.resolve(PID));
    }

    private void launch(Path program, ServerAccount account, Path log) throws IOException {
        List<String> command = Stream.concat(
                        account.sessionPrefix().stream(),
                        Stream.of(program.toString(), folder.resolve(INI).toString()))
                .toList();
        Postmaster started = Postmaster.launch(command, Path.of("/"), log, Map.of());
        process = started;
        long since = System.nanoTime();
        while (!answers()) {
            if (!started.isAlive()) {
                throw new EnvironmentException("Cannot start PgBouncer: it ended with exit code " + started.exitCode()
                        + ". Its last output:\n" + LogTail.of(Files.readString(log)));
            }
            if (System.nanoTime() - since > START_MAX.toNanos()) {
                throw new EnvironmentException(
                        "Cannot start PgBouncer: no answer after " + START_MAX.toSeconds() + " s. See " + log + ".");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EnvironmentException("Cannot start PgBouncer: interrupted. Run again.", interrupted);
            }
        }
    }

    private boolean answers() {
        try (Connection _console = console()) {
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** Where applications connect to. */
    public Address address() {
        return new Address(Ports.LOOPBACK, port);
    }

    /**
     * Lets open transactions end, and holds all that come after them. Nothing is held when this fails.
     *
     * @param patience how long open transactions may take to end; whole seconds, at least one
     */
    public void pause(Duration patience) throws SQLException {
        try {
            command("PAUSE " + database, patience);
        } catch (SQLException e) {
            // A PAUSE that was given up still stands, and would hold everything that comes.
            try {
                command("RESUME " + database, END_MAX);
            } catch (SQLException notResumed) {
                e.addSuppressed(notResumed);
            }
            throw e;
        }
    }

    /** Lets held transactions go on. */
    public void resume() throws SQLException {
        command("RESUME " + database, END_MAX);
    }

    /** Leads new transactions to another server; those that are open end where they began. */
    public void lead(Address lead) throws SQLException {
        try {
            Files.writeString(folder.resolve(INI), ini(lead));
        } catch (IOException e) {
            throw new SQLException("Cannot write PgBouncer's configuration: " + e.getMessage(), e);
        }
        command("RELOAD", END_MAX);
    }

    private void command(String command, Duration patience) throws SQLException {
        try (Connection console = console();
                Statement statement = console.createStatement()) {
            console.setNetworkTimeout(Runnable::run, Math.toIntExact(patience.toMillis()));
            statement.execute(command);
        } catch (SQLException e) {
            throw new SQLException(
                    "Cannot " + command + " on PgBouncer's console within " + patience.toMillis() + " ms: "
                            + e.getMessage(),
                    e.getSQLState(),
                    e);
        }
    }

    private Connection console() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", CONSOLE_USER);
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "12");
        // Else the driver begins with a SET, which the console refuses.
        properties.setProperty("replication", "database");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "2");
        Connection connection =
                new Driver().connect("jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/pgbouncer", properties);
        if (connection == null) {
            throw new SQLException("the driver does not know PgBouncer's address");
        }
        return connection;
    }

    /** Ends what a run that was killed left in its folder. */
    static void endLeft(Path runFolder) {
        Path folder = runFolder.resolve(FOLDER);
        pid(folder).filter(pid -> isOf(folder, pid)).ifPresent(pid -> Processes.signal(Signal.KILL, List.of(pid)));
    }

    private static Optional<Long> pid(Path folder) {
        try {
            return Optional.of(
                    Long.parseLong(Files.readString(folder.resolve(PID)).strip()));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static boolean isOf(Path folder, long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().commandLine())
                .filter(line -> line.contains(folder.resolve(INI).toString()))
                .isPresent();
    }

    @Override
    public void close() {
        Postmaster running = process;
        process = null;
        if (running != null && running.isAlive()) {
            running.signal(Signal.TERM);
            if (!running.ended(END_MAX)) {
                running.signal(Signal.KILL);
            }
        }
    }
}
