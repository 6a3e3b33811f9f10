package org.pgrehearse.chaos.wire;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Interceptor;

/**
 * Watches the COMMITs on the connections of one proxy and cuts those that it is armed for. Costs a look at each
 * message's header while it is not. Safe for use by many threads.
 */
public final class CommitWatch implements Interceptor.Factory {
    private final Set<WatchedConnection> connections = Collections.newSetFromMap(new WeakHashMap<>());
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong cut = new AtomicLong();
    private @Nullable Order order;
    private int commitsLeft;

    /**
     * What to cut.
     *
     * @param commits how many; later ones pass
     */
    public record Order(CutPoint point, Manner manner, int commits) {
        public Order {
            if (commits < 1) {
                throw new IllegalArgumentException("at least one commit must be cut");
            }
        }
    }

    @Override
    public Interceptor connected(Runnable whenCut) {
        WatchedConnection connection = new WatchedConnection(this, whenCut);
        lock.lock();
        try {
            connections.add(connection);
        } finally {
            lock.unlock();
        }
        return connection;
    }

    /** Cuts the next COMMITs as ordered. Answers false, and changes nothing, while an earlier order stands. */
    public boolean arm(Order wanted) {
        lock.lock();
        try {
            if (order != null) {
                return false;
            }
            order = wanted;
            commitsLeft = wanted.commits();
            cut.set(0);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Cuts nothing any more, and closes the connections that were silenced. */
    public void disarm() {
        Set<WatchedConnection> watched;
        lock.lock();
        try {
            order = null;
            commitsLeft = 0;
            watched = Set.copyOf(connections);
        } finally {
            lock.unlock();
        }
        watched.forEach(WatchedConnection::release);
    }

    /** Whether an order stands. */
    public boolean isArmed() {
        lock.lock();
        try {
            return order != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many COMMITs were cut since it was last armed. */
    public long commitsCut() {
        return cut.get();
    }

    /** How to cut one COMMIT at this point, which is then counted; empty when it is to pass. */
    Optional<Manner> cuts(CutPoint point) {
        lock.lock();
        try {
            Order standing = order;
            if (standing == null || standing.point() != point || commitsLeft == 0) {
                return Optional.empty();
            }
            commitsLeft--;
            cut.incrementAndGet();
            return Optional.of(standing.manner());
        } finally {
            lock.unlock();
        }
    }
}
