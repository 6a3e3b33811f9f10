package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;

/** Another database of a server, in the place of the one that is migrated. */
record CopiedServer(Server server, String database) implements Server {
    @Override
    public Side side() {
        return server.side();
    }

    @Override
    public String host() {
        return server.host();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public int majorVersion() {
        return server.majorVersion();
    }

    @Override
    public String adminRole() {
        return server.adminRole();
    }

    @Override
    public Connection admin() throws SQLException {
        return server.admin(database);
    }

    @Override
    public Connection admin(String other) throws SQLException {
        return server.admin(other);
    }
}
