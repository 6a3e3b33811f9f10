package org.pgrehearse.scenarios.topology;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.pgrehearse.reports.journal.Side;

/** A PostgreSQL 15 with durable commits, a shop, a ledger, and the name of its side. */
public final class TestServer implements AutoCloseable {
    private static final List<String> SCHEMAS = List.of("ledger.sql", "shop.sql");
    private static final String ROWS = """
            INSERT INTO shop.customers (email, name, joined_at)
                SELECT 'c' || n || '@example.org', 'Customer ' || n, now() FROM generate_series(1, 200) n;
            INSERT INTO shop.products (sku, name, price, stock)
                SELECT md5(n::text)::uuid, 'Product ' || n, n, 1000 FROM generate_series(1, 100) n;
            INSERT INTO shop.orders (customer_id, total) SELECT n, n FROM generate_series(1, 200) n;
            """;

    private final Side side;
    private final EmbeddedPostgres postgres;

    private TestServer(Side side, EmbeddedPostgres postgres) {
        this.side = side;
        this.postgres = postgres;
    }

    /** Starts one. */
    public static TestServer start(Side side) throws IOException, SQLException {
        return start(side, 300);
    }

    /** Starts one that takes so many connections. */
    public static TestServer start(Side side, int connectionsMax) throws IOException, SQLException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, machine) -> binaries())
                .setServerConfig("cluster_name", side.name().toLowerCase(Locale.ROOT))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", Integer.toString(connectionsMax))
                .start();
        TestServer server = new TestServer(side, postgres);
        for (String schema : SCHEMAS) {
            server.execute(resource(schema));
        }
        server.execute(ROWS);
        return server;
    }

    /** Its address. */
    public Gateway gateway() {
        return gatewayAt(postgres.getPort());
    }

    /** The address of something in front of it. */
    public Gateway gatewayAt(int port) {
        return new Gateway(side, "127.0.0.1", port, "postgres");
    }

    /** A superuser's connection, for the caller to close. */
    public Connection admin() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres", "postgres", "");
    }

    /** Runs statements as superuser. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = admin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The tokens in its ledger. */
    public Set<Long> tokens() throws SQLException {
        Set<Long> tokens = new HashSet<>();
        try (Connection connection = admin();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT token FROM pgrehearse.ledger")) {
            while (rows.next()) {
                if (!tokens.add(rows.getLong(1))) {
                    throw new IllegalStateException("Token " + rows.getLong(1) + " is there twice.");
                }
            }
        }
        return tokens;
    }

    /** How many connections an application has. */
    public int connections(String application) throws SQLException {
        try (Connection connection = admin();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?")) {
            statement.setString(1, application);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** How many rows a table has. */
    public int count(String table) throws SQLException {
        try (Connection connection = admin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Kills one backend the hard way, upon which the server ends all of them and recovers from its log. */
    public void crash() throws SQLException {
        try (Connection connection = admin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    private static InputStream binaries() throws IOException {
        Path folder = Path.of(Objects.requireNonNull(System.getProperty("pgrehearse.postgres.jars")));
        try (Stream<Path> jars = Files.list(folder)) {
            Path jar = jars.filter(path -> path.getFileName().toString().contains("-15."))
                    .findFirst()
                    .orElseThrow(() -> new UncheckedIOException(new IOException("No PostgreSQL 15 in " + folder)));
            try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(jar))) {
                for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    if (entry.getName().endsWith(".txz")) {
                        return new ByteArrayInputStream(entries.readAllBytes());
                    }
                }
            }
            throw new IOException("No archive in " + jar);
        }
    }

    private static String resource(String name) throws IOException {
        String path = "/org/pgrehearse/scenarios/dataset/" + name;
        try (InputStream text = Objects.requireNonNull(TestServer.class.getResourceAsStream(path))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
