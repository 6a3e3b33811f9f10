package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** Statements on a server, each within a bound and on a session of its own unless one is given. */
final class Sql {
    /** What sessions of faults call themselves, followed by our process id. */
    static final String APPLICATION = "pgrehearse fault ";

    private static final Duration NETWORK_MAX = Duration.ofSeconds(15);
    private static final String STATEMENT_MAX = "10s";

    private Sql() {}

    static String application() {
        return APPLICATION + ProcessHandle.current().pid();
    }

    /** A new session under the name of faults, for the caller to close. */
    static Connection open(SqlAccess access) throws SQLException {
        return open(access, application());
    }

    /** A session that only looks: it holds nothing, so one that is still ending is no trace of a fault. */
    private static Connection look(SqlAccess access) throws SQLException {
        return open(access, APPLICATION + "look " + ProcessHandle.current().pid());
    }

    private static Connection open(SqlAccess access, String application) throws SQLException {
        Connection connection = access.connect();
        try {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(NETWORK_MAX.toMillis()));
            run(connection, "SET application_name = '" + application + "'");
            run(connection, "SET statement_timeout = '" + STATEMENT_MAX + "'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void run(SqlAccess access, String... statements) throws IOException {
        try (Connection connection = open(access)) {
            for (String sql : statements) {
                run(connection, sql);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The rows as text, NULL as an empty text. */
    static List<List<String>> rows(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<List<String>> all = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    List<String> row = new ArrayList<>(columns);
                    for (int column = 1; column <= columns; column++) {
                        String value = rows.getString(column);
                        row.add(value == null ? "" : value);
                    }
                    all.add(row);
                }
            }
            return all;
        }
    }

    static List<List<String>> rows(SqlAccess access, String sql, String... parameters) throws IOException {
        try (Connection connection = look(access)) {
            return rows(connection, sql, parameters);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The first column of the first row. */
    static Optional<String> value(SqlAccess access, String sql, String... parameters) throws IOException {
        return rows(access, sql, parameters).stream().map(List::getFirst).findFirst();
    }

    /** The first column of the first row, which is a number. */
    static long number(SqlAccess access, String sql, String... parameters) throws IOException {
        return Long.parseLong(value(access, sql, parameters).orElse("0"));
    }

    /** The message with its SQLState, as the world's failure that it is. */
    static IOException failed(SQLException e) {
        String state = e.getSQLState() == null ? "" : " (" + e.getSQLState() + ")";
        return new IOException(String.valueOf(e.getMessage()).strip() + state, e);
    }

    /** A string constant as SQL reads it back unchanged. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A table or sequence as the server spells it, schema included; it must be there. */
    static String relation(SqlAccess access, String name) throws IOException {
        return value(
                        access,
                        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)",
                        name)
                .orElseThrow(() -> new IOException("there is no \"" + name + "\". Name it with its schema."));
    }
}
