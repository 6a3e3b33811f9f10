package org.pgrehearse.scenarios.topology;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.pgrehearse.reports.journal.Side;

/**
 * A connection lent by a pool, for one thread; {@link #discard}, {@link #detach} and {@link #cut} are for any thread.
 */
public final class Lease implements AutoCloseable {
    private final Pool pool;
    private final Connection connection;
    private final Route.Position position;
    private final boolean fresh;
    private final long openedNanos;
    private boolean detached;
    private boolean doubtful;
    private boolean returned;

    /** The first use of a connection that was opened just now. */
    Lease(Pool pool, Connection connection, Route.Position position, boolean fresh) {
        this(pool, connection, position, fresh, System.nanoTime());
    }

    private Lease(Pool pool, Connection connection, Route.Position position, boolean fresh, long openedNanos) {
        this.pool = pool;
        this.connection = connection;
        this.position = position;
        this.fresh = fresh;
        this.openedNanos = openedNanos;
    }

    /** The connection itself. */
    public Connection connection() {
        return connection;
    }

    /** The side whose gateway the connection was opened at. */
    public Side side() {
        return position.gateway().side();
    }

    /** Marks the connection as doubtful: it is closed when it is returned. */
    public void discard() {
        pool.compute(() -> doubtful = true);
    }

    /** Whether the connection is doubtful, and so has no next user. */
    public boolean discarded() {
        return pool.compute(this::doubtful);
    }

    /**
     * Frees the pool's place while the connection is still in use, because it seems stuck; it is closed when it is
     * returned. Does nothing when the pool already waits for as many detached connections as it may.
     */
    public void detach() {
        pool.detach(this);
    }

    /** Cuts the connection, whatever it is doing; does nothing when it was returned, for it may have a new user. */
    public void cut() throws SQLException {
        if (pool.compute(this::markCut)) {
            connection.abort(Runnable::run);
        }
    }

    /** Does work on the connection that leaves it clean; when the work dies half-way, the connection is doubtful. */
    public <T> T clean(Work<T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } finally {
            if (!done) {
                discard();
            }
        }
    }

    /** Returns the connection to the pool. */
    @Override
    public void close() {
        pool.giveBack(this);
    }

    Route.Position position() {
        return position;
    }

    boolean fresh() {
        return fresh;
    }

    /** Whether the connection has been open for longer than this; zero is no limit. */
    boolean isOlderThan(Duration lifetime) {
        return lifetime.isPositive() && System.nanoTime() - openedNanos > lifetime.toNanos();
    }

    // What follows is guarded by the pool's lock.

    boolean mayDetach() {
        return !fresh && !detached && !returned;
    }

    boolean detached() {
        return detached;
    }

    void markDetached() {
        detached = true;
    }

    boolean doubtful() {
        return doubtful;
    }

    boolean markReturned() {
        boolean first = !returned;
        returned = true;
        return first;
    }

    private boolean markCut() {
        doubtful = true;
        return !returned;
    }

    /** The same connection for its next user. */
    Lease next() {
        return new Lease(pool, connection, position, false, openedNanos);
    }

    /** Work on a connection. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws SQLException;
    }
}
