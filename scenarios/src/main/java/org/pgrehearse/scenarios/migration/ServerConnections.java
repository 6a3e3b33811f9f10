package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** A server as the verifier reaches it: directly, as the instrument's own superuser. */
public record ServerConnections(Server server) implements ConnectionSource {
    @Override
    public Connection open() throws SQLException {
        return server.admin();
    }

    @Override
    public String displayUrl() {
        return "postgresql://" + server.host() + ":" + server.port() + "/" + server.database();
    }
}
