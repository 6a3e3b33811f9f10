package org.pgrehearse.scenarios.topology;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Function;
import org.pgrehearse.reports.journal.Side;
import org.postgresql.Driver;

/**
 * Opens raw connections of one application. Nothing is asked of the server but the login itself, so an opening costs
 * one round trip where the role is trusted. Safe for use by many threads.
 */
final class Connector {
    private static final String SERVER_VERSION_MIN = "12";

    private final String application;
    private final Function<Side, Login> logins;
    private final Timeouts timeouts;

    Connector(String application, Function<Side, Login> logins, Timeouts timeouts) {
        this.application = application;
        this.logins = logins;
        this.timeouts = timeouts;
    }

    /** A new connection, autocommitting, for the caller to close. */
    Connection open(Gateway gateway) throws SQLException {
        Connection connection = new Driver().connect(url(gateway), properties(logins.apply(gateway.side())));
        if (connection == null) {
            throw new SQLException("Cannot connect to " + gateway + ": the driver does not know such an address.");
        }
        return connection;
    }

    private static String url(Gateway gateway) {
        String host = gateway.host().contains(":") ? "[" + gateway.host() + "]" : gateway.host();
        String database = URLEncoder.encode(gateway.database(), StandardCharsets.UTF_8);
        return "jdbc:postgresql://" + host + ":" + gateway.port() + "/" + database;
    }

    private Properties properties(Login login) {
        Properties properties = new Properties();
        properties.setProperty("user", login.role());
        properties.setProperty("password", login.password().reveal());
        properties.setProperty("ApplicationName", application);
        properties.setProperty(
                "connectTimeout", Long.toString(timeouts.connect().toSeconds()));
        properties.setProperty("loginTimeout", Long.toString(timeouts.login().toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(timeouts.socket().toSeconds()));
        properties.setProperty("prepareThreshold", "1");
        // The fault proxy must be able to see a COMMIT; whoever needs TLS says so in the login.
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        // Saves the driver a round trip for its own settings.
        properties.setProperty("assumeMinServerVersion", SERVER_VERSION_MIN);
        properties.setProperty("raiseExceptionOnSilentRollback", "true");
        login.driverProperties().forEach(properties::setProperty);
        return properties;
    }
}
