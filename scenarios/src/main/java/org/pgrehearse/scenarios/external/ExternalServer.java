package org.pgrehearse.scenarios.external;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.Secret;
import org.pgrehearse.verifier.endpoint.Endpoint;

/**
 * A database on a server that somebody else runs, reached by one ordinary role. Nobody may harm or stop it.
 *
 * @param majorVersion as the server said when it was first asked
 */
record ExternalServer(Side side, Endpoint endpoint, int majorVersion) implements RunServer {
    private static final String CONNECT_SECONDS_MAX = "10";

    /** Its name in messages. */
    String name() {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Where it is, without any password. */
    String place() {
        return endpoint.displayUrl() + " as " + endpoint.user();
    }

    @Override
    public String host() {
        return endpoint.servers().getFirst().host();
    }

    @Override
    public int port() {
        return endpoint.servers().getFirst().port();
    }

    @Override
    public String database() {
        return endpoint.database();
    }

    @Override
    public String adminRole() {
        return endpoint.user();
    }

    /** The instruments are told from users of the same role by this connection's name. */
    @Override
    public Connection admin() throws SQLException {
        return connect(Map.of("ApplicationName", "pgrehearse", "connectTimeout", CONNECT_SECONDS_MAX));
    }

    @Override
    public Connection replication() throws SQLException {
        return connect(Map.of(
                "ApplicationName",
                "pgrehearse",
                "replication",
                "database",
                "assumeMinServerVersion",
                "12",
                "preferQueryMode",
                "simple"));
    }

    @Override
    public ServerControl control() {
        return this::name;
    }

    /** How a program finds the password; never as an argument. */
    @Override
    public Map<String, String> programVariables() {
        Map<String, String> variables = new HashMap<>();
        endpoint.password().ifPresent(secret -> variables.put("PGPASSWORD", secret.reveal()));
        endpoint.setting("sslmode").ifPresent(mode -> variables.put("PGSSLMODE", mode));
        return variables;
    }

    /** As whom users log in, which is the one role there is. */
    Login login() {
        Map<String, String> settings = new HashMap<>(endpoint.settings());
        settings.remove("ApplicationName");
        settings.remove("connectTimeout");
        String password = endpoint.password()
                .map(org.pgrehearse.verifier.endpoint.Secret::reveal)
                .orElse("");
        return new Login(endpoint.user(), Secret.of(password), settings);
    }

    /** The end of a conninfo string that lets the other server log in here. */
    String secretOptions() {
        String mode =
                endpoint.setting("sslmode").map(value -> " sslmode=" + value).orElse("");
        return endpoint.password()
                .map(secret -> mode + " password=" + Connections.quoted(secret.reveal()))
                .orElse(mode);
    }

    private Connection connect(Map<String, String> further) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(endpoint.settings());
        properties.putAll(further);
        properties.setProperty("user", endpoint.user());
        endpoint.password().ifPresent(secret -> properties.setProperty("password", secret.reveal()));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + endpoint.servers().getFirst() + "/"
                        + URLEncoder.encode(database(), StandardCharsets.UTF_8).replace("+", "%20"),
                properties);
    }
}
