package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.server.LockMode;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/**
 * A transaction that is held open by a session of ours: for a lock, for its snapshot, or with something written. It
 * ends with our process, however that ends, and by the server's own clock after {@link #HELD_MAX}.
 */
public final class HeldHarm implements Harm {
    /** Longer than this no transaction is held, even if nobody heals it. */
    public static final Duration HELD_MAX = Duration.ofMinutes(30);

    private static final Duration LOCK_WAIT_MAX = Duration.ofSeconds(9);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final SqlAccess access;
    private final Kind kind;
    private final String argument;
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    private enum Kind {
        LOCK,
        SNAPSHOT,
        WRITER
    }

    /** The session that holds it, and how far the server's transactions were then. */
    private record Held(Connection connection, String pid, String started, long horizon) {}

    private HeldHarm(SqlAccess access, Kind kind, String argument) {
        this.access = access;
        this.kind = kind;
        this.argument = argument;
    }

    /** A lock that is not held yet. */
    public static HeldHarm lock(SqlAccess access, String table, LockMode mode) {
        return new HeldHarm(access, Kind.LOCK, table + " IN " + mode.sql() + " MODE");
    }

    /** A snapshot that is not held yet. */
    public static HeldHarm snapshot(SqlAccess access) {
        return new HeldHarm(access, Kind.SNAPSHOT, "");
    }

    /** A writer that has not begun; an empty statement takes a transaction id and nothing else. */
    public static HeldHarm writer(SqlAccess access, String statement) {
        return new HeldHarm(access, Kind.WRITER, statement);
    }

    @Override
    public void inject() throws IOException {
        try {
            Connection connection = Sql.open(access);
            try {
                hold(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    private void hold(Connection connection) throws SQLException {
        List<String> session = Sql.rows(
                        connection, "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
                .getFirst();
        Sql.run(connection, "SET idle_in_transaction_session_timeout = " + HELD_MAX.toMillis());
        Sql.run(connection, "SET lock_timeout = " + LOCK_WAIT_MAX.toMillis());
        if (kind == Kind.SNAPSHOT) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        connection.setAutoCommit(false);
        switch (kind) {
            case LOCK -> Sql.run(connection, "LOCK TABLE " + argument);
            case SNAPSHOT -> Sql.run(connection, "SELECT 1");
            case WRITER -> Sql.run(connection, argument.isEmpty() ? "SELECT 1" : argument);
        }
        long horizon = kind == Kind.WRITER ? Horizon.ofThis(connection) : Horizon.now(connection);
        held.set(new Held(connection, session.get(0), session.get(1), horizon));
    }

    @Override
    public Optional<String> evidence() {
        Held session = held.get();
        if (session == null) {
            return Optional.empty();
        }
        try (Connection connection = Sql.open(access)) {
            List<List<String>> seen = Sql.rows(
                    connection,
                    "SELECT coalesce(backend_xid::text, ''), coalesce(backend_xmin::text, ''),"
                            + " (SELECT count(*) FROM pg_locks l WHERE NOT l.granted"
                            + " AND a.pid = ANY (pg_blocking_pids(l.pid)))"
                            + " FROM pg_stat_activity a WHERE pid = ?::int AND backend_start = ?::timestamptz"
                            + " AND state = 'idle in transaction'",
                    session.pid(),
                    session.started());
            if (seen.isEmpty()) {
                return Optional.empty();
            }
            List<String> row = seen.getFirst();
            long waiting = Long.parseLong(row.get(2));
            long passed = Horizon.now(connection) - session.horizon();
            String waiters = waiting + " requests for locks waited for session " + session.pid();
            return switch (kind) {
                case LOCK -> waiting == 0 ? Optional.empty() : Optional.of(waiters);
                case SNAPSHOT ->
                    passed <= 0 || row.get(1).isEmpty()
                            ? Optional.empty()
                            : Optional.of("the snapshot of session " + session.pid() + " holds xmin " + row.get(1)
                                    + " while " + passed + " transactions went by");
                case WRITER ->
                    row.get(0).isEmpty() || (passed <= 0 && waiting == 0)
                            ? Optional.empty()
                            : Optional.of("transaction " + row.get(0) + " stays open while " + passed
                                    + " others went by; " + waiters);
            };
        } catch (SQLException unanswered) {
            return Optional.empty();
        }
    }

    @Override
    public void heal() throws IOException {
        Held session = held.get();
        if (session == null) {
            return;
        }
        try {
            session.connection().close(); // the server rolls back what is open
        } catch (SQLException broken) {
            // A broken session is over as well; whether it is, the server says below.
            held.compareAndSet(session, session);
        }
        boolean ended = Wait.until(
                END_MAX,
                () -> Sql.rows(
                                access,
                                "SELECT 1 FROM pg_stat_activity"
                                        + " WHERE pid = ?::int AND backend_start = ?::timestamptz",
                                session.pid(),
                                session.started())
                        .isEmpty());
        if (!ended) {
            throw new IOException("session " + session.pid() + " is still there after " + END_MAX.toSeconds()
                    + " s, or the server does not say. End it with pg_terminate_backend.");
        }
        held.set(null);
    }
}
