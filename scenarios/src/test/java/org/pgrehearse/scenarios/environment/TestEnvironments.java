package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Embedded servers for tests, from the jars that the build has copied. */
public final class TestEnvironments {
    private TestEnvironments() {}

    /** Starts a pair with the user's own cache. */
    public static EmbeddedEnvironment start(EmbeddedPlan plan, Path logs) {
        Machine machine = Machine.detect();
        return EmbeddedEnvironment.start(plan, logs, machine, binaries(machine.cache()), line -> {});
    }

    /** The build's jars, unpacked below a cache. */
    public static PostgresBinaries binaries(Cache cache) {
        return PostgresBinaries.of(jarFolders(), cache, line -> {});
    }

    static List<Path> jarFolders() {
        return List.of(Path.of(System.getProperty("pgrehearse.postgres.jars", "target/postgres")));
    }

    /** The first value of the first row, as text. */
    public static String query(Server server, String sql) throws SQLException {
        try (Connection connection = server.admin()) {
            return query(connection, sql);
        }
    }

    /** The first value of the first row, as text. */
    public static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new AssertionError("no row: " + sql);
            }
            return String.valueOf(rows.getString(1));
        }
    }

    /** Executes a statement in its own transaction. */
    public static void execute(Server server, String sql) throws SQLException {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
