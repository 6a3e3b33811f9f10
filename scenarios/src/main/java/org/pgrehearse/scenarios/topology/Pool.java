package org.pgrehearse.scenarios.topology;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one application instance. It lends the one used last, opens new ones beside the borrowers' path,
 * and asks the server nothing of its own. Borrowers are served in the order they came; a refused opening fails the one
 * who waited longest, as a user would see it. Connections of an older position of the route are closed. Safe for use by
 * many threads.
 */
public final class Pool implements AutoCloseable {
    private final Connector connector;
    private final Route route;
    private final PoolLimits limits;
    private final Runnable switchListener = this::closeStale;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Lease> idle = new ArrayDeque<>();
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private int connections;
    private int openings;
    private int detached;
    private long openingBegunNanos;
    private boolean closed;

    Pool(Connector connector, Route route, PoolLimits limits) {
        this.connector = connector;
        this.route = route;
        this.limits = limits;
        route.onSwitch(switchListener);
    }

    /**
     * Lends a connection to the side the route uses now.
     *
     * @throws SQLException when the server could not be reached, or none became free in time; nothing was sent then
     */
    public Lease borrow(Duration patience) throws SQLException, InterruptedException {
        Turn turn = new Turn();
        lock.lock();
        try {
            requireOpen();
            @Nullable Lease ready = takeIdle();
            if (ready != null) {
                return ready;
            }
            waiting.add(turn);
            openForWaiting();
        } finally {
            lock.unlock();
        }
        return await(turn, patience);
    }

    /**
     * Lends a connection of its own to the side the route uses now: opened by the caller's thread, counted among no
     * limit, closed when it is returned.
     */
    public Lease openFresh() throws SQLException {
        Route.Position position = route.position();
        return new Lease(this, connector.open(position.gateway()), position, true);
    }

    /** How many connections it has open or is opening, idle and stuck ones included, fresh ones not. */
    public int connections() {
        lock.lock();
        try {
            return connections + detached;
        } finally {
            lock.unlock();
        }
    }

    /** Closes idle connections at once and those in use when they are returned; whoever waits fails. */
    @Override
    public void close() {
        route.forget(switchListener);
        List<Lease> unused;
        lock.lock();
        try {
            closed = true;
            unused = List.copyOf(idle);
            idle.clear();
            connections -= unused.size();
            SQLException refusal = new SQLTransientConnectionException("Cannot borrow a connection: the pool closed.");
            waiting.forEach(turn -> turn.lease.completeExceptionally(refusal));
            waiting.clear();
        } finally {
            lock.unlock();
        }
        unused.forEach(Pool::disconnect);
    }

    private void change(Runnable underLock) {
        lock.lock();
        try {
            underLock.run();
        } finally {
            lock.unlock();
        }
    }

    boolean compute(BooleanSupplier underLock) {
        lock.lock();
        try {
            return underLock.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    void detach(Lease lease) {
        change(() -> {
            if (detached < limits.detachedMax() && lease.mayDetach()) {
                lease.markDetached();
                detached++;
                connections--;
                openForWaiting();
            }
        });
    }

    void giveBack(Lease lease) {
        boolean keep;
        lock.lock();
        try {
            if (!lease.markReturned()) {
                return;
            }
            boolean spent = lease.doubtful() || lease.isOlderThan(limits.lifetime());
            keep = !closed && !lease.fresh() && !lease.detached() && !spent && current(lease.position());
            if (keep) {
                offer(lease.next());
            } else if (lease.detached()) {
                detached--;
            } else if (!lease.fresh()) {
                connections--;
                openForWaiting();
            }
        } finally {
            lock.unlock();
        }
        if (!keep) {
            disconnect(lease);
        }
    }

    private void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLTransientConnectionException("Cannot borrow a connection: the pool is closed.");
        }
    }

    private @Nullable Lease takeIdle() {
        // Stale ones are left to the switch, which is about to close them.
        Lease last = idle.peekLast();
        return last != null && current(last.position()) ? idle.pollLast() : null;
    }

    private void offer(Lease lease) {
        if (waiting.isEmpty()) {
            idle.addLast(lease);
        } else {
            firstWaiting().lease.complete(lease);
        }
    }

    private Turn firstWaiting() {
        Turn first = waiting.iterator().next();
        waiting.remove(first);
        return first;
    }

    private void openForWaiting() {
        while (!closed && openings < waiting.size() && connections < limits.connectionsMax() && mayOpen()) {
            connections++;
            openings++;
            openingBegunNanos = System.nanoTime();
            Thread.ofVirtual().name("pgrehearse-opening").start(this::open);
        }
    }

    private boolean mayOpen() {
        return openings < limits.openingsMax()
                || System.nanoTime() - openingBegunNanos >= limits.openingPace().toNanos();
    }

    private void open() {
        Route.Position position = route.position();
        @Nullable Lease opened = null;
        SQLException refusal = new SQLException("Cannot open a connection: the opening broke off.");
        try {
            opened = new Lease(this, connector.open(position.gateway()), position, false);
        } catch (SQLException e) {
            refusal = e;
        } finally {
            boolean kept = settleOpening(position, opened, refusal);
            if (opened != null && !kept) {
                disconnect(opened);
            }
        }
    }

    private boolean settleOpening(Route.Position position, @Nullable Lease opened, SQLException refusal) {
        lock.lock();
        try {
            openings--;
            boolean useful = !closed && current(position);
            if (useful && opened != null) {
                offer(opened);
                return true;
            }
            connections--;
            // A refusal by the side that was left says nothing about the side that is used now.
            if (useful && !waiting.isEmpty()) {
                firstWaiting().lease.completeExceptionally(refusal);
            }
            openForWaiting();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private Lease await(Turn turn, Duration patience) throws SQLException, InterruptedException {
        try {
            return turn.lease.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (TimeoutException e) {
            if (leaveQueue(turn)) {
                throw tooLate(patience);
            }
            return arrived(turn);
        } catch (InterruptedException e) {
            if (!leaveQueue(turn) && !turn.lease.isCompletedExceptionally()) {
                turn.lease.join().close();
            }
            throw e;
        }
    }

    private boolean leaveQueue(Turn turn) {
        lock.lock();
        try {
            return waiting.remove(turn);
        } finally {
            lock.unlock();
        }
    }

    private static Lease arrived(Turn turn) throws SQLException, InterruptedException {
        try {
            return turn.lease.get();
        } catch (ExecutionException e) {
            throw refusal(e);
        }
    }

    private static SQLException refusal(ExecutionException e) {
        if (e.getCause() instanceof SQLException refusal) {
            return refusal;
        }
        throw new IllegalStateException("Cannot borrow a connection: the pool broke.", e);
    }

    private SQLException tooLate(Duration patience) {
        return new SQLTransientConnectionException("Cannot borrow a connection to " + route.side() + ": none of "
                + limits.connectionsMax() + " became free within " + patience.toMillis() + " ms.");
    }

    private boolean current(Route.Position position) {
        return position.generation() == route.position().generation();
    }

    private void closeStale() {
        List<Lease> stale = new ArrayList<>();
        change(() -> {
            idle.removeIf(lease -> !current(lease.position()) && stale.add(lease));
            connections -= stale.size();
            openForWaiting();
        });
        stale.forEach(Pool::disconnect);
    }

    private static void disconnect(Lease lease) {
        try {
            lease.connection().close();
        } catch (SQLException ignored) {
            // The driver has closed its socket all the same, and nothing was asked of the server.
        }
    }

    /** A borrower's place in the queue. */
    private static final class Turn {
        private final CompletableFuture<Lease> lease = new CompletableFuture<>();
    }
}
