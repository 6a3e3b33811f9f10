package org.pgrehearse.bench.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.EmbeddedServer;
import org.pgrehearse.scenarios.environment.Installations;
import org.pgrehearse.scenarios.environment.Machine;

/**
 * The two servers of a comparison, on loopback, of a version for which the distribution has pg_comparator's extension.
 * They and their data are gone when it is closed or the JVM ends.
 */
final class Servers implements AutoCloseable {
    /** The major version of both. */
    static final int MAJOR = 15;

    private static final long DISK_BYTES_MIN = 8L << 30;
    /** Nothing runs in the background while somebody measures, and tables fit into memory. */
    private static final Map<String, String> SETTINGS = Map.of(
            "jit", "off",
            "shared_buffers", "1GB",
            "autovacuum", "off",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "1h",
            "synchronous_commit", "off",
            "client_connection_check_interval", "1s");

    private final EmbeddedEnvironment environment;

    private Servers(EmbeddedEnvironment environment) {
        this.environment = environment;
    }

    /** Starts both; an EnvironmentException says what is in the way. */
    static Servers start(Installations installations, Path logFolder, Consumer<String> progress) {
        EmbeddedPlan plan = EmbeddedPlan.of(MAJOR, MAJOR)
                .withFsync(false)
                .withDiskBytesMin(DISK_BYTES_MIN)
                .withSettings(SETTINGS);
        return new Servers(EmbeddedEnvironment.start(plan, logFolder, Machine.detect(), installations, progress));
    }

    /** Where they listen. */
    Addresses addresses() {
        return new Addresses(address(environment.source()), address(environment.target()));
    }

    private static Addresses.Address address(EmbeddedServer server) {
        return new Addresses.Address(server.host(), server.port(), server.database(), EmbeddedServer.SUPERUSER);
    }

    /** Makes pg_comparator's functions there on both; false when the extension is not installed. */
    boolean createComparatorExtension() throws SQLException, InterruptedException {
        try (Connection connection = environment.source().admin();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgcmp'")) {
            row.next();
            if (row.getLong(1) == 0) {
                return false;
            }
        }
        onBoth(List.of("CREATE EXTENSION pgcmp"));
        return true;
    }

    /** Executes the statements on the target, one after the other. */
    void onTarget(List<String> statements) throws SQLException {
        execute(environment.target(), statements);
    }

    /** Executes the statements on both at the same time. */
    void onBoth(List<String> statements) throws SQLException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> source = threads.submit(() -> {
                execute(environment.source(), statements);
                return true;
            });
            execute(environment.target(), statements);
            source.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SQLException known) {
                throw known;
            }
            throw new IllegalStateException("preparing a table", failed.getCause());
        }
    }

    /** The processor time of all sessions that both had so far, in seconds; waits until they have ended. */
    OptionalDouble processorSeconds() throws InterruptedException {
        OptionalDouble source = new BackendTime(environment.source().pid()).seconds();
        OptionalDouble target = new BackendTime(environment.target().pid()).seconds();
        return source.isPresent() && target.isPresent()
                ? OptionalDouble.of(source.orElseThrow() + target.orElseThrow())
                : OptionalDouble.empty();
    }

    /** What the source answers about its version. */
    String version() throws SQLException {
        try (Connection connection = environment.source().admin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(EmbeddedServer server, List<String> statements) throws SQLException {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        environment.close();
    }
}
