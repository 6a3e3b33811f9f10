package org.pgrehearse.verifier.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** One database of a test, and the way to it. */
public record Database(int port, String name, String user) implements ConnectionSource {

    static Database create(int port, String options) {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        new Database(port, "postgres", "postgres").run("CREATE DATABASE " + name + options);
        return new Database(port, name, "postgres");
    }

    /** The same database seen by another role. */
    public Database as(String role) {
        return new Database(port, name, role);
    }

    /** Runs statements separated by semicolons. */
    public void run(String sql) {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row, as text. */
    public String value(String sql) {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public Connection open() throws SQLException {
        return open(new Properties());
    }

    @Override
    public Connection openReplication() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "10");
        return open(properties);
    }

    private Connection open(Properties properties) throws SQLException {
        properties.setProperty("user", user);
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + name, properties);
    }

    @Override
    public String displayUrl() {
        return "postgresql://127.0.0.1:" + port + "/" + name;
    }
}
