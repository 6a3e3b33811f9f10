package org.pgrehearse.chaos.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One server as faults reach it. What is empty here cannot be harmed: a fault that needs it refuses to be injected.
 * Implementations are safe for use by many threads.
 */
public interface ServerControl {
    /** The server's name, as faults name it. */
    String name();

    /** Its processes, when they run on this machine and are ours to harm. */
    default Optional<ProcessControl> processes() {
        return Optional.empty();
    }

    /** Sessions on it, in the database that is migrated, as a superuser; faults say when they need less. */
    default Optional<SqlAccess> sql() {
        return Optional.empty();
    }

    /** Its data folder, when that is on this machine and ours to harm. */
    default Optional<Path> data() {
        return Optional.empty();
    }

    /** A server that is reached by sessions only, such as one that somebody else runs. */
    static ServerControl reachedBy(String name, SqlAccess access) {
        return new ServerControl() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<SqlAccess> sql() {
                return Optional.of(access);
            }
        };
    }

    /** Where new sessions come from. */
    @FunctionalInterface
    interface SqlAccess {
        /** A new session, autocommitting, for the caller to close. Gives up within a bound of its own. */
        Connection connect() throws SQLException;
    }
}
