package org.pgrehearse.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.ServerControl;

/** A PostgreSQL server that can be killed and started again on the same data and port. */
public final class TestServer implements ProcessControl, AutoCloseable {
    private static final String JARS = "pgrehearse.postgres.jars";
    private static final int MAJOR = 17;
    private static final long NOBODY = Integer.MAX_VALUE;

    private final String name;
    private final Path data;
    private final Map<String, String> settings;
    private EmbeddedPostgres server;

    /** Keeps its data in this folder, which must be empty. */
    public TestServer(Path data) throws IOException {
        this("target", data, Map.of());
    }

    /** With settings of its own. */
    public TestServer(Path data, Map<String, String> settings) throws IOException {
        this("target", data, settings);
    }

    /** The same under another name. */
    public TestServer(String name, Path data) throws IOException {
        this(name, data, Map.of());
    }

    private TestServer(String name, Path data, Map<String, String> settings) throws IOException {
        this.name = name;
        this.data = data;
        this.settings = Map.copyOf(settings);
        this.server = builder().start();
    }

    /** As another process sees it that did not start it: it can harm it, and not start it again. */
    public static ServerControl seenFromOutside(String name, Path data, int port) {
        return new Outside(name, data, port);
    }

    public int port() {
        return server.getPort();
    }

    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** A connection past every proxy. */
    public Connection connect() throws SQLException {
        return connect(server.getPort(), "");
    }

    /** A connection through the proxy at this port. */
    public static Connection connect(int port, String options) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&gssEncMode=disable"
                        + (options.contains("sslmode") ? options : options + "&sslmode=disable"));
    }

    /** A connection of another user to another database. */
    public static Connection connect(int port, String user, String application, String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + user
                + "&ApplicationName=" + application + "&gssEncMode=disable&sslmode=disable");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<SqlAccess> sql() {
        return Optional.of(this::connect);
    }

    @Override
    public Optional<Path> data() {
        return Optional.of(data);
    }

    @Override
    public long pid() throws IOException {
        return pid(data);
    }

    private static long pid(Path data) throws IOException {
        // A server that ended by itself takes the file with it.
        if (!Files.exists(data.resolve("postmaster.pid"))) {
            return NOBODY;
        }
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        }
    }

    @Override
    public void restart() throws IOException {
        // Frees the lock that its owner still holds on the data.
        server.close();
        server = builder().setPort(server.getPort()).start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private EmbeddedPostgres.Builder builder() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, hardware) -> binaries())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // Embedded servers start with all three off, and a crash would then lose what was acknowledged.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_prepared_transactions", "10")
                // Vacuum takes transaction ids, and some tests count those.
                .setServerConfig("autovacuum", "off")
                .setServerConfig("wal_retrieve_retry_interval", "200ms")
                .setPGStartupWait(Duration.ofMinutes(1));
        settings.forEach(builder::setServerConfig);
        return builder;
    }

    private static InputStream binaries() throws IOException {
        Path folder = Path.of(Objects.requireNonNull(System.getProperty(JARS), "run through Maven"));
        try (Stream<Path> jars = Files.list(folder)) {
            Path jar = jars.filter(path -> path.getFileName().toString().contains("-amd64-" + MAJOR + "."))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no binaries of major " + MAJOR + " in " + folder));
            return URI.create("jar:" + jar.toUri() + "!/postgres-linux-x86_64.txz")
                    .toURL()
                    .openStream();
        }
    }

    private record Outside(String name, Path folder, int port) implements ProcessControl {
        @Override
        public long pid() throws IOException {
            return TestServer.pid(folder);
        }

        @Override
        public void restart() throws IOException {
            throw new IOException("this process did not start it");
        }

        @Override
        public Optional<SqlAccess> sql() {
            return Optional.of(() -> connect(port, ""));
        }

        @Override
        public Optional<Path> data() {
            return Optional.of(folder);
        }
    }
}
