package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgrehearse.scenarios.environment.Server;

/** Single statements on a server, each on a connection of its own unless one is given. */
final class Sql {
    private Sql() {}

    static void run(Server server, String... statements) throws SQLException {
        try (Connection connection = server.admin()) {
            run(connection, statements);
        }
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row; empty when there is no row or it is NULL. */
    static Optional<String> value(Server server, String query, String... parameters) throws SQLException {
        try (Connection connection = server.admin()) {
            return value(connection, query, parameters);
        }
    }

    static Optional<String> value(Connection connection, String query, String... parameters) throws SQLException {
        List<String> values = values(connection, query, parameters);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** The first column of every row, without NULLs. */
    static List<String> values(Connection connection, String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String value = rows.getString(1);
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
            return values;
        }
    }

    /** An array of texts as a parameter. */
    static String array(List<String> texts) {
        return texts.stream()
                .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** An identifier as SQL reads it back unchanged. */
    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A string constant as SQL reads it back unchanged. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
