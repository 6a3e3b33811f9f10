package org.pgrehearse.verifier.snapshot;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.endpoint.SqlProblem;

/**
 * One moment of one database, read through a bounded number of connections that all see the same. Safe for use by many
 * threads. A statement whose connection was lost is tried again on another one, a bounded number of times.
 */
public final class Snapshot implements AutoCloseable {
    private static final int LOST_CONNECTION_RETRIES_MAX = 2;
    private static final int FAILURES_TO_OPEN_MAX = 10;
    private static final String LOST = "08006";
    private static final String HELD_TOO_LONG = "25P04";
    private static final String ABOUT = """
            SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,
              current_setting('server_encoding'), current_user,
              (SELECT s.system_identifier FROM pg_control_system() s) || '/' || d.oid,
              CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text,
              txid_current_snapshot()::text
            FROM pg_database d WHERE d.datname = current_database()
            """;

    private final Side side;
    private final ConnectionSource source;
    private final Timeouts timeouts;
    private final @Nullable String id;
    private final Server server;
    private final Moment moment;
    private final LongSupplier nanos;
    private final long openedAt;
    private final int connections;
    private final Semaphore permits;
    private final AtomicInteger usable;
    private final AtomicInteger failuresToOpen = new AtomicInteger();
    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean gone;

    private Snapshot(
            Side side,
            ConnectionSource source,
            Timeouts timeouts,
            @Nullable String id,
            Opening opening,
            int connections,
            Session first,
            LongSupplier nanos) {
        this.side = side;
        this.source = source;
        this.timeouts = timeouts;
        this.id = id;
        this.server = opening.server();
        this.moment = opening.moment();
        this.nanos = nanos;
        this.openedAt = nanos.getAsLong();
        this.connections = connections;
        this.permits = new Semaphore(connections, true);
        this.usable = new AtomicInteger(connections);
        open.add(first);
        idle.add(first);
    }

    private record Opening(Server server, Moment moment) {}

    /** A piece of work that reads. It may run again from the start when its connection is lost. */
    @FunctionalInterface
    public interface Work<T> {
        /** Reads through the session, which is its own until it returns. */
        T read(Session session) throws ReadFailedException, InterruptedException;
    }

    /**
     * Connects and takes a snapshot, or enters one that another session holds.
     *
     * @param givenId id of a snapshot exported by the caller, who keeps it; null to take a new one
     * @param jobs connections at most; one only when the server cannot export its snapshot
     * @param nanos the clock that tells how long the snapshot is held
     */
    public static Snapshot open(
            Side side,
            ConnectionSource source,
            @Nullable String givenId,
            Timeouts timeouts,
            int jobs,
            LongSupplier nanos)
            throws CannotConnectException {
        Session first = null;
        try {
            boolean export = jobs > 1 && givenId == null;
            first = export
                    ? Session.beginExporting(side, source.open(), timeouts)
                    : Session.begin(side, source.open(), givenId, timeouts);
            Opening opening = opening(first, givenId == null);
            String id = givenId != null ? givenId : first.exportedId().orElse(null);
            return new Snapshot(side, source, timeouts, id, opening, id == null ? 1 : jobs, first, nanos);
        } catch (SQLException e) {
            throw new CannotConnectException(side, source.displayUrl(), e);
        } catch (ReadFailedException e) {
            if (first != null) {
                first.close();
            }
            throw new CannotConnectException(side, source.displayUrl(), e);
        }
    }

    private static Opening opening(Session session, boolean ours) throws ReadFailedException {
        return session.first(
                        ABOUT,
                        row -> new Opening(
                                new Server(
                                        row.getString(1),
                                        row.getInt(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getString(5)),
                                new Moment(ours ? row.getString(6) : null, row.getString(7))))
                .orElseThrow();
    }

    /** Which database this is. */
    public Side side() {
        return side;
    }

    /** What the server says about itself. */
    public Server server() {
        return server;
    }

    /** When the snapshot was taken. */
    public Moment moment() {
        return moment;
    }

    /** Connections that may be open at once. */
    public int connections() {
        return connections;
    }

    /** Runs the work on a session of its own, waiting for one if all are in use. */
    public <T> T read(Work<T> work) throws ReadFailedException, InterruptedException {
        ReadFailedException firstLoss = null;
        for (int attempt = 0; ; attempt++) {
            permits.acquire();
            boolean giveBack = true;
            try {
                checkAge();
                return attempt(work);
            } catch (ReadFailedException e) {
                // The loss explains more than what failed because of it, such as entering a snapshot that is gone.
                ReadFailedException first = firstLoss == null ? e : firstLoss;
                if (serverIsFull(e)) {
                    // Make do with the connections there are: this permit is not given back.
                    giveBack = false;
                } else if (closed || attempt >= LOST_CONNECTION_RETRIES_MAX || !lost(e)) {
                    if (!closed && lost(first)) {
                        gone = true;
                    }
                    throw first;
                }
                firstLoss = first;
            } finally {
                if (giveBack) {
                    permits.release();
                }
            }
        }
    }

    private void checkAge() throws ReadFailedException {
        if (nanos.getAsLong() - openedAt > timeouts.snapshot().toNanos()) {
            throw new ReadFailedException(
                    side,
                    new SQLException(
                            "the snapshot was held for " + timeouts.snapshot().toSeconds()
                                    + " s, the longest time allowed",
                            HELD_TOO_LONG));
        }
    }

    /** Whether the server has no room for one more connection while it serves another one of ours. */
    private boolean serverIsFull(ReadFailedException e) {
        return e.side() == side && !closed && e.problem().tooManyConnections() && usable.decrementAndGet() > 0;
    }

    /** Whether something could not be read because the server, or the connection that held the moment, was lost. */
    public boolean gone() {
        return gone;
    }

    /** The other side's failures pass through: its own snapshot deals with them. */
    private boolean lost(ReadFailedException e) {
        return e.side() == side && e.problem().connectionLost();
    }

    private <T> T attempt(Work<T> work) throws ReadFailedException, InterruptedException {
        Session session = borrow();
        boolean healthy = false;
        try {
            T result = work.read(session);
            healthy = true;
            return result;
        } catch (ReadFailedException e) {
            healthy = !lost(e) && session.recover();
            throw e;
        } finally {
            if (healthy && !closed) {
                idle.offer(session);
            } else {
                open.remove(session);
                session.close();
            }
        }
    }

    private Session borrow() throws ReadFailedException {
        Session waiting = idle.poll();
        if (waiting != null) {
            return waiting;
        }
        try {
            if (id == null || failuresToOpen.get() >= FAILURES_TO_OPEN_MAX) {
                throw new SQLException("the connections that saw the snapshot were lost", LOST);
            }
            Session session = opened(id);
            open.add(session);
            if (closed) {
                session.cancel();
            }
            return session;
        } catch (SQLException e) {
            throw new ReadFailedException(side, e);
        }
    }

    private Session opened(String snapshotId) throws SQLException {
        try {
            Session session = Session.begin(side, source.open(), snapshotId, timeouts);
            failuresToOpen.set(0);
            return session;
        } catch (SQLException e) {
            if (!SqlProblem.of(e).tooManyConnections()) {
                failuresToOpen.incrementAndGet();
            }
            throw e;
        }
    }

    /** Stops every running statement and cuts all connections; work in progress fails. */
    public void cancel() {
        closed = true;
        open.forEach(Session::cancel);
    }

    /** Ends all connections; the moment is gone. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Session::close);
        open.clear();
        idle.clear();
    }
}
