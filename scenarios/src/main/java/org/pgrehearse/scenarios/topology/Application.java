package org.pgrehearse.scenarios.topology;

import java.util.function.Function;
import org.pgrehearse.reports.journal.Side;

/**
 * One instance of the user's application: who it is, where it goes, and its own connections. Safe for use by many
 * threads.
 */
public final class Application implements AutoCloseable {
    private final String name;
    private final String role;
    private final Route route;
    private final Timeouts timeouts;
    private final Connector connector;
    private final Pool pool;

    /** An instance that has not connected yet; it connects when it has something to do. */
    public Application(String name, Login login, Route route, Timeouts timeouts, PoolLimits limits) {
        this(name, login.role(), side -> login, route, timeouts, limits);
    }

    /**
     * The same that logs in on each side as somebody else.
     *
     * @param role what reports call it
     * @param logins as whom it logs in on a side; for any thread
     */
    public Application(
            String name, String role, Function<Side, Login> logins, Route route, Timeouts timeouts, PoolLimits limits) {
        this.name = name;
        this.role = role;
        this.route = route;
        this.timeouts = timeouts;
        this.connector = new Connector(name, logins, timeouts);
        this.pool = new Pool(connector, route, limits);
    }

    /** The instance's name, which its connections carry as application_name. */
    public String name() {
        return name;
    }

    /** The database role it logs in as. */
    public String role() {
        return role;
    }

    /** Which side it uses. */
    public Route route() {
        return route;
    }

    /** Its connections. */
    public Pool pool() {
        return pool;
    }

    /** Another pool on the same route, for the caller to close. */
    public Pool newPool(PoolLimits limits) {
        return new Pool(connector, route, limits);
    }

    /** How long it waits for the network. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /** Closes its connections; those in use when they are returned. */
    @Override
    public void close() {
        pool.close();
    }
}
