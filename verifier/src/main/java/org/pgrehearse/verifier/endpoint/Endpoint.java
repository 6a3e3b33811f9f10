package org.pgrehearse.verifier.endpoint;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A database on a server that may have several addresses. Immutable; shows no password. */
public final class Endpoint implements ConnectionSource {
    private static final Map<String, String> REPLICATION =
            Map.of("replication", "database", "preferQueryMode", "simple", "assumeMinServerVersion", "10");

    private final List<HostPort> servers;
    private final String database;
    private final String user;
    private final Optional<Secret> password;
    private final Properties properties;
    private final List<String> warnings;

    Endpoint(
            List<HostPort> servers,
            String database,
            String user,
            Optional<Secret> password,
            Properties properties,
            List<String> warnings) {
        this.servers = List.copyOf(servers);
        this.database = database;
        this.user = user;
        this.password = password;
        this.properties = new Properties();
        this.properties.putAll(properties);
        this.warnings = List.copyOf(warnings);
    }

    /** The addresses, in the order in which they are tried. */
    public List<HostPort> servers() {
        return servers;
    }

    /** The name of the database. */
    public String database() {
        return database;
    }

    /** The role that connects. */
    public String user() {
        return user;
    }

    /** The password, when one was given or found. */
    public Optional<Secret> password() {
        return password;
    }

    /** What the user should know about the surroundings, such as a password file that had to be ignored. */
    public List<String> warnings() {
        return warnings;
    }

    /** The driver's setting of this name, if one was given; for messages and tests. */
    public Optional<String> setting(String name) {
        return Optional.ofNullable(properties.getProperty(name));
    }

    /** Every setting for the driver that was given, by the driver's name; no password is among them. */
    public Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        return all;
    }

    /** A new connection; credentials travel as properties and never as part of a URL. */
    @Override
    public Connection open() throws SQLException {
        return open(Map.of());
    }

    @Override
    public Connection openReplication() throws SQLException {
        return open(REPLICATION);
    }

    private Connection open(Map<String, String> more) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.putAll(more);
        all.setProperty("user", user);
        password.ifPresent(secret -> all.setProperty("password", secret.reveal()));
        String url = "jdbc:postgresql://" + addresses() + "/" + encoded(database);
        return DriverManager.getConnection(url, all);
    }

    @Override
    public String displayUrl() {
        return "postgresql://" + addresses() + "/" + encoded(database);
    }

    @Override
    public String toString() {
        return displayUrl();
    }

    private String addresses() {
        return servers.stream().map(HostPort::toString).collect(Collectors.joining(","));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
