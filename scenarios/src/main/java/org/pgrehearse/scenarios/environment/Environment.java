package org.pgrehearse.scenarios.environment;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Login;

/**
 * A source and a target for one run, wherever their servers come from. Closing it takes away whatever the run made
 * there. What an environment cannot do it refuses before it starts, with an {@link EnvironmentException}. Thread-safe.
 */
public interface Environment extends AutoCloseable {
    /** Where the data is. */
    RunServer source();

    /** Where the data goes; an {@link IllegalStateException} where there is one server only. */
    RunServer target();

    /** Whether there is a target: not where a change stays within one database. */
    default boolean hasTarget() {
        return true;
    }

    /** Every server there is, the source first. */
    default List<RunServer> servers() {
        return hasTarget() ? List.of(source(), target()) : List.of(source());
    }

    /** The server of a side. */
    default RunServer server(Side side) {
        return switch (side) {
            case SOURCE -> source();
            case TARGET -> target();
        };
    }

    /** As whom an application logs in on a side where the scenario says this role. */
    Login login(Side side, String role);

    /** The role that the other side replicates as from a side; a fence leaves it alone. */
    String replicationRole(Side side);

    /**
     * What a libpq conninfo string for replication from a side ends with and no journal, report or argument list may
     * hold, such as {@code password='…'}; empty where the servers ask for none.
     */
    default String replicationSecret(Side side) {
        return "";
    }

    /**
     * The address of this machine at which the servers reach fault proxies, and at which those of the replication link
     * listen; empty when they cannot, and then the link leads straight from server to server.
     */
    default Optional<String> proxyHost() {
        return Optional.of(Ports.LOOPBACK);
    }

    /** What the report tells about this environment, such as what cannot be seen there; each by a name. */
    default Map<String, String> facts() {
        return Map.of();
    }

    /** The Toxiproxy that this environment brings for the fault proxies; empty for those inside this JVM. */
    default Optional<ProxyStation> toxiproxy() {
        return Optional.empty();
    }

    /**
     * Called in the transaction that has made the run's schemas on a side, so that an environment that outlives the run
     * can tell them from others.
     */
    default void mark(Side side, Connection connection) throws SQLException {}

    /**
     * Starts a PgBouncer in front of a server; the caller closes it before this environment.
     *
     * @param roles those that may log in through it
     * @param lead where it leads to first
     * @throws EnvironmentException when there is none on this machine, with how to get it, or when it does not start
     */
    PgBouncer pooler(Collection<String> roles, PgBouncer.Address lead);

    @Override
    void close();
}
