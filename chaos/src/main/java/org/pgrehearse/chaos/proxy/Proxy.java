package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One listening port, the server behind it and the toxics between. Reading is safe for many threads; changes come from
 * one thread at a time, which {@link Proxies} sees to. No change waits for a peer.
 */
final class Proxy {
    /** More connections than this are closed as soon as they are accepted. */
    static final int CONNECTIONS_MAX = 8_192;

    /** So many connections have platform threads, which are swift and dear; the others have virtual ones. */
    static final int SWIFT_CONNECTIONS_MAX = 256;

    /** How many removed toxics keep their counts readable. */
    private static final int REMOVED_TOXICS_REMEMBERED_MAX = 256;

    private final String name;
    private final Dice dice;
    private final LongSupplier nanos;
    private final ProxyTally tally = new ProxyTally();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong connectionNumber = new AtomicLong();
    private final Deque<ActiveToxic> removed = new ArrayDeque<>();
    private volatile List<ActiveToxic> removedLately = List.of();
    private volatile List<ActiveToxic> toxics;
    private volatile Address listen;
    private volatile Address upstream;
    private volatile @Nullable Listener listener;
    private volatile @Nullable Tls tls;
    private volatile Interceptor.Factory interceptors = link -> (direction, bytes) -> Interceptor.Passage.all(bytes);

    Proxy(Blueprint blueprint, Dice dice, LongSupplier nanos) {
        this.name = blueprint.name();
        this.listen = blueprint.listen();
        this.upstream = blueprint.upstream();
        this.toxics = blueprint.toxicsOrNone().stream().map(ActiveToxic::of).toList();
        this.dice = dice.of(name);
        this.nanos = nanos;
    }

    String name() {
        return name;
    }

    Address listen() {
        return listen;
    }

    Address upstream() {
        return upstream;
    }

    boolean isEnabled() {
        return listener != null;
    }

    List<ActiveToxic> toxics() {
        return toxics;
    }

    Optional<ActiveToxic> toxic(String toxicName) {
        return toxics.stream()
                .filter(active -> active.toxic().name().equals(toxicName))
                .findFirst();
    }

    Effects effects() {
        List<ActiveToxic> known = new ArrayList<>(removedLately);
        known.addAll(toxics);
        return tally.effects(connections.size(), known);
    }

    /** Begins to accept from this listener. The proxy must be disabled. */
    void enable(Listener bound) {
        listener = bound;
        listen = bound.address();
        bound.start(this::accept);
    }

    /** Frees the port and closes every connection. */
    void disable() throws IOException {
        Listener bound = listener;
        listener = null;
        try {
            if (bound != null) {
                bound.close();
            }
        } finally {
            connections.forEach(Connection::cut);
        }
    }

    /** Takes another server; open connections are closed. */
    void repoint(Address changed) {
        upstream = changed;
        connections.forEach(Connection::cut);
    }

    /** Remembers where to listen; for a proxy that is disabled. */
    void moveTo(Address changed) {
        listen = changed;
    }

    /** Replaces all toxics at once, for new and for open connections. */
    void replaceToxics(List<ActiveToxic> changed) {
        List<ActiveToxic> gone = toxics.stream()
                .filter(old -> changed.stream().noneMatch(active -> active.tally() == old.tally()))
                .toList();
        toxics = List.copyOf(changed);
        gone.forEach(this::remember);
        connections.forEach(Connection::refit);
    }

    /** Lets these see every byte of the connections to come. */
    void intercept(Interceptor.Factory changed) {
        interceptors = changed;
    }

    /** Ends TLS here for the connections to come. */
    void terminateTls(Tls wanted) {
        tls = wanted;
    }

    private void remember(ActiveToxic gone) {
        removed.addLast(gone);
        if (removed.size() > REMOVED_TOXICS_REMEMBERED_MAX) {
            removed.removeFirst();
        }
        removedLately = List.copyOf(removed);
    }

    private void accept(Socket client) {
        tally.connectionsAccepted.increment();
        long number = connectionNumber.getAndIncrement();
        Connection connection = connection(client, number);
        connections.add(connection);
        if (connections.size() > CONNECTIONS_MAX) {
            connection.refuse();
        } else if (!isEnabled()) {
            connection.cut();
        } else {
            connection.refit();
            Thread.ofVirtual()
                    .name(name + " connection " + number)
                    .start(() -> connection.open(upstream, tls, connections.size() > SWIFT_CONNECTIONS_MAX));
        }
    }

    private Connection connection(Socket client, long number) {
        return new Connection(
                client, number + 1, dice.of(number), tally, () -> toxics, interceptors, nanos, connections::remove);
    }
}
