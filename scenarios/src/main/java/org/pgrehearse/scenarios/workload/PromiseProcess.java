package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gate;
import org.pgrehearse.scenarios.topology.Lease;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One session of a user who does one transaction after the other over an application's route, and remembers what it was
 * told. Nothing is tried twice; after an outcome that is not known a new user takes over. Arrivals may come from any
 * thread; an arrival that finds too many waiting is left out, for these transactions measure no time.
 */
final class PromiseProcess {
    private static final int WAITING_MAX = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WARNINGS_MAX = 20;
    private static final String NO_TRANSACTION = "25P01";

    private final Application instance;
    private final LongFunction<Deed> deeds;
    private final IntSupplier numbers;
    private final Recorder recorder;
    private final Troubles troubles;
    private final BlockingQueue<Optional<Arrival>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;
    private volatile @Nullable Lease held;
    private int number;

    /**
     * One that has not started.
     *
     * @param deeds the transaction of each arrival
     * @param numbers a number that no process of the run had before
     */
    PromiseProcess(
            String name,
            Application instance,
            LongFunction<Deed> deeds,
            IntSupplier numbers,
            Recorder recorder,
            Troubles troubles) {
        this.instance = instance;
        this.deeds = deeds;
        this.numbers = numbers;
        this.recorder = recorder;
        this.troubles = troubles;
        this.number = numbers.getAsInt();
        this.thread = Thread.ofVirtual()
                .name("pgrehearse-promise-" + name)
                .uncaughtExceptionHandler(troubles)
                .unstarted(this::run);
    }

    private record Arrival(long index, long intendedNanos) {}

    void start() {
        thread.start();
    }

    /** Takes one arrival, to be done after those before it; false when too many wait. */
    boolean offer(long index, long intendedNanos) {
        return waiting.offer(Optional.of(new Arrival(index, intendedNanos)));
    }

    /** Asks it to end after the transaction under way; what waits is left out. No arrival may follow. */
    void finish() {
        waiting.clear();
        if (!waiting.offer(Optional.empty())) {
            throw new IllegalStateException("an arrival came after the end");
        }
    }

    boolean join(Duration patience) throws InterruptedException {
        return thread.join(patience);
    }

    /** Cuts its connection and interrupts it, so that it ends soon with what it knows. */
    void cut() {
        Lease lease = held;
        if (lease != null) {
            try {
                lease.cut();
            } catch (SQLException e) {
                troubles.report("Cannot cut a connection to " + lease.side() + ": " + e.getMessage() + ".");
            }
        }
        thread.interrupt();
    }

    private void run() {
        try {
            for (Optional<Arrival> next = waiting.take(); next.isPresent(); next = waiting.take()) {
                Arrival arrival = next.get();
                perform(deeds.apply(arrival.index()), arrival.intendedNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does one transaction in the calling thread.
     *
     * @return whether it began: one that was never sent is not recorded
     */
    boolean perform(Deed deed, long intendedNanos) throws InterruptedException {
        if (!deed.writes()) {
            return onConnection(deed, intendedNanos);
        }
        Gate gate = instance.route().gate();
        if (!gate.enter(PATIENCE)) {
            return false;
        }
        try {
            return onConnection(deed, intendedNanos);
        } finally {
            gate.leave();
        }
    }

    private boolean onConnection(Deed deed, long intendedNanos) throws InterruptedException {
        try (Lease lease = instance.pool().borrow(PATIENCE)) {
            held = lease;
            return lease.clean(() -> {
                transact(lease, deed, intendedNanos);
                return true;
            });
        } catch (SQLException e) {
            return false; // no connection: nothing was sent, and there is nothing to conclude
        } finally {
            held = null;
        }
    }

    private void transact(Lease lease, Deed deed, long intendedNanos) {
        long started = recorder.nowNanos();
        @Nullable Side side = null;
        Outcome outcome;
        try {
            lease.connection().setAutoCommit(false);
            side = begin(lease.connection(), deed.isolation());
            deed.run(lease.connection());
            outcome = commit(lease);
        } catch (SQLException e) {
            Conclusion conclusion = Conclusion.beforeCommit(e);
            outcome = conclusion.outcome();
            undo(lease, conclusion);
        }
        long ended = recorder.nowNanos();
        deed.event(new Deed.Course(ended, number, intendedNanos, started, ended, outcome, side))
                .ifPresent(recorder::record);
        if (outcome == Outcome.UNKNOWN) {
            number = numbers.getAsInt();
        }
    }

    /** One round trip: the level, and who is there. */
    private static @Nullable Side begin(Connection connection, Isolation isolation) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET TRANSACTION ISOLATION LEVEL " + isolation.sql() + "; SELECT pgrehearse.executed_on()");
            if (!statement.getMoreResults()) {
                throw new SQLException("Cannot begin: the server did not say who it is.");
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? Witness.ofRead(row.getString(1)).side() : null;
            }
        }
    }

    private static Outcome commit(Lease lease) {
        if (!(lease.connection() instanceof BaseConnection base)
                || base.getTransactionState() != TransactionState.OPEN) {
            lease.discard();
            return Outcome.UNKNOWN;
        }
        try {
            lease.connection().clearWarnings();
            lease.connection().commit();
            if (endedNoTransaction(lease.connection())) {
                lease.discard();
                return Outcome.UNKNOWN;
            }
            return Outcome.ACKNOWLEDGED;
        } catch (SQLException e) {
            Conclusion conclusion = Conclusion.afterHandover(e);
            if (!conclusion.usable()) {
                lease.discard();
            }
            return conclusion.outcome();
        }
    }

    private static boolean endedNoTransaction(Connection connection) throws SQLException {
        int seen = 0;
        for (SQLWarning warning = connection.getWarnings();
                warning != null && seen < WARNINGS_MAX;
                warning = warning.getNextWarning()) {
            if (NO_TRANSACTION.equals(warning.getSQLState())) {
                return true;
            }
            seen++;
        }
        return false;
    }

    private static void undo(Lease lease, Conclusion conclusion) {
        if (!conclusion.usable()) {
            lease.discard();
            return;
        }
        try {
            lease.connection().rollback();
        } catch (SQLException e) {
            lease.discard(); // the outcome is known already; a connection that cannot roll back is not used again
        }
    }
}
