package org.pgrehearse.chaos.wire;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgrehearse.chaos.proxy.Interceptor;

/**
 * Follows PostgreSQL's protocol on the connections of one proxy and does at its points what was ordered. When several
 * orders meet at one message the oldest with a turn left acts. Without orders it costs a look at each message's header.
 * Safe for use by many threads.
 */
public final class WireWatch implements Interceptor.Factory {
    private final Set<WatchedConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<Ambush> standing = new CopyOnWriteArrayList<>();

    @Override
    public Interceptor connected(Interceptor.Link link) {
        WatchedConnection connection = new WatchedConnection(this, link);
        connections.add(connection);
        return connection;
    }

    /** Lets an order stand until it is disarmed. */
    public Ambush arm(Order order) {
        Ambush ambush = new Ambush(order);
        standing.add(ambush);
        ambush.couldNotSee(blindConnections());
        return ambush;
    }

    /** Ends an order: what it delays goes on, and connections that it silenced are closed. */
    public void disarm(Ambush ambush) {
        ambush.end();
        standing.remove(ambush);
        connections.forEach(connection -> connection.release(ambush));
    }

    /** Whether an order stands. */
    public boolean isArmed() {
        return !standing.isEmpty();
    }

    /** How many connections it follows or tries to, now. */
    public long openConnections() {
        return connections.size();
    }

    /** How many of them nobody can read, now: they are encrypted, or not in PostgreSQL's protocol. */
    public long blindConnections() {
        return connections.stream()
                .filter(connection -> connection.sight() == Sight.BLIND)
                .count();
    }

    List<Ambush> standing() {
        return standing;
    }

    boolean countsRows() {
        return standing.stream().anyMatch(ambush -> ambush.order().point() instanceof Point.Row);
    }

    void blind() {
        standing.forEach(ambush -> ambush.couldNotSee(1));
    }

    void forget(WatchedConnection connection) {
        connections.remove(connection);
    }
}
