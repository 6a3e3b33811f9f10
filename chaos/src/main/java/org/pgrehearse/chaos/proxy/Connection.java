package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Encryption.Channel;

/** A client's connection and the one to the server that belongs to it. Safe for use by many threads. */
final class Connection {
    /** How long a server may take to accept a connection; the client waits as long. */
    static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);

    private static final int DIRECTIONS = Direction.values().length;

    private final Socket client;
    private final Socket server = new Socket();
    private final Dice dice;
    private final ProxyTally tally;
    private final Supplier<List<ActiveToxic>> toxics;
    private final Consumer<Connection> whenOver;
    private final Interceptor interceptor;
    private final List<Flow> flows;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger finished = new AtomicInteger();
    private volatile boolean inCrowd;

    /**
     * @param number which one of its proxy it is, from 1
     * @param dice of this connection alone
     * @param toxics those of its proxy, as they are when asked
     */
    Connection(
            Socket client,
            long number,
            Dice dice,
            ProxyTally tally,
            Supplier<List<ActiveToxic>> toxics,
            Interceptor.Factory interceptors,
            LongSupplier nanos,
            Consumer<Connection> whenOver) {
        this.client = client;
        this.dice = dice;
        this.tally = tally;
        this.toxics = toxics;
        this.whenOver = whenOver;
        this.interceptor = interceptors.connected(
                new Interceptor.Link(number, question -> dice.of(question).roll(), () -> interrupt(Ending.CLOSE)));
        this.flows = List.of(
                new Flow(this, Direction.UPSTREAM, tally.bytes(Direction.UPSTREAM), nanos),
                new Flow(this, Direction.DOWNSTREAM, tally.bytes(Direction.DOWNSTREAM), nanos));
    }

    /** The flow the other way. */
    Flow against(Direction direction) {
        return flows.stream()
                .filter(flow -> flow.direction() != direction)
                .findFirst()
                .orElseThrow();
    }

    Interceptor interceptor() {
        return interceptor;
    }

    /** Connects to the server and begins to pass bytes on. Blocks while it connects; for a thread of its own. */
    void open(Address upstream, @Nullable Tls tls, boolean crowded) {
        inCrowd = crowded;
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(upstream.resolved(), Math.toIntExact(DIAL_TIMEOUT.toMillis()));
        } catch (IOException e) {
            end(Ending.CLOSE, tally.dialsFailed::increment);
            return;
        }
        if (over.get()) {
            close(server);
            return;
        }
        try {
            Channel ofClient = tls == null ? Channel.of(client) : Encryption.toClient(client, tls);
            Channel ofServer = tls == null ? Channel.of(server) : Encryption.toServer(server, tls);
            flows.getFirst().start(ofClient.in(), ofServer.socket(), threads());
            flows.getLast().start(ofServer.in(), ofClient.socket(), threads());
        } catch (IOException e) {
            lost(e);
        }
    }

    /** A byte wakes a platform thread at once, a virtual one only by way of two others. */
    private Thread.Builder threads() {
        return inCrowd ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    /** Makes the proxy's toxics of this moment hold it. Returns at once. */
    void refit() {
        for (Flow flow : flows) {
            flow
                    .refit(() -> toxics.get().stream()
                            .filter(active -> active.toxic().direction() == flow.direction())
                            .filter(active -> holds(active.toxic()))
                            .toList())
                    .stream()
                    .filter(grip -> grip.behavior() instanceof Behavior.Timeout)
                    .forEach(grip -> sever(Ending.CLOSE, grip.tally(), 0));
        }
    }

    /** Ends it because too many are open. */
    void refuse() {
        end(Ending.RESET, tally.connectionsRefused::increment);
    }

    /** Ends it because the proxy goes down or changes. Answers whether it was still open. */
    boolean cut() {
        boolean reset =
                toxics.get().stream().anyMatch(active -> active.toxic().behavior() instanceof Behavior.ResetPeer);
        return interrupt(reset ? Ending.RESET : Ending.CLOSE);
    }

    /** Ends it because the proxy wants it, not a toxic. Answers whether it was still open. */
    boolean interrupt(Ending ending) {
        return end(ending, tally.ended(ending)::increment);
    }

    /** Ends it because of a toxic, which loses these bytes. Answers whether it was still open. */
    boolean sever(Ending ending, ToxicTally because, int bytesLost) {
        return end(ending, () -> {
            tally.ended(ending).increment();
            because.ended(ending).increment();
            because.bytesDropped.add(bytesLost);
        });
    }

    /** One peer is gone without saying good-bye, so the other learns it the same way. */
    void lost(Exception _cause) {
        end(Ending.RESET, () -> {});
    }

    /** One direction passed its end on. */
    void finished() {
        if (finished.incrementAndGet() == DIRECTIONS) {
            end(Ending.CLOSE, () -> {});
        }
    }

    /** This connection's luck with one toxic. */
    Dice dice(Toxic toxic) {
        return dice.of(toxic.name());
    }

    private boolean holds(Toxic toxic) {
        return dice(toxic).roll() < toxic.toxicity();
    }

    /** Counts before the peers can notice, so that who saw the end also sees the count. */
    private boolean end(Ending ending, Runnable count) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        count.run();
        interceptor.over();
        flows.forEach(Flow::stop);
        prepare(client, ending);
        prepare(server, ending);
        close(client);
        close(server);
        whenOver.accept(this);
        return true;
    }

    private void prepare(Socket socket, Ending ending) {
        try {
            switch (ending) {
                // The end of the stream goes out before close(), which may send a reset when unread bytes are left.
                case CLOSE -> {
                    if (socket.isConnected() && !socket.isOutputShutdown()) {
                        socket.shutdownOutput();
                    }
                }
                case RESET -> socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            tally.closesFailed.increment();
        }
    }

    private void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            tally.closesFailed.increment();
        }
    }
}
