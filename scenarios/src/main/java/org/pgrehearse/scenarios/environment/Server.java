package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Side;

/** A PostgreSQL server of a rehearsal, as it is reached directly and not through a fault proxy. */
public interface Server {
    /** Which side of the migration it is. */
    Side side();

    /** A numeric loopback address or a host name. */
    String host();

    /** The TCP port; the same after a restart. */
    int port();

    /** The database that is migrated. */
    String database();

    /** The server's major version, such as 15. */
    int majorVersion();

    /** A new connection of the instrument's own superuser, autocommitting, for the caller to close. */
    Connection admin() throws SQLException;

    /** The same to another database of the server; a server that has only one refuses others. */
    default Connection admin(String database) throws SQLException {
        if (!database.equals(database())) {
            throw new SQLException("Cannot reach the database \"" + database + "\": only \"" + database()
                    + "\" is part of this rehearsal.");
        }
        return admin();
    }

    /** The role that {@link #admin()} logs in as. */
    default String adminRole() {
        return EmbeddedServer.SUPERUSER;
    }

    /** What a program's environment needs beside PGHOST, PGPORT, PGDATABASE and PGUSER, such as PGPASSWORD. */
    default Map<String, String> programVariables() {
        return Map.of();
    }

    /** Its log, when that is a file on this machine. */
    default Optional<Path> logFile() {
        return Optional.empty();
    }

    /**
     * A new connection for the commands of the replication protocol, such as CREATE_REPLICATION_SLOT, for the caller to
     * close.
     *
     * @throws SQLException also when this environment offers none
     */
    default Connection replication() throws SQLException {
        throw new SQLException("Cannot open a replication connection to " + host() + ":" + port()
                + ": this environment offers none. Use the embedded environment.");
    }
}
