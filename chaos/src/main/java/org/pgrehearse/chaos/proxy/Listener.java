package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listening socket and the thread that accepts from it. It never does anything slow between two accepts. */
final class Listener {
    private static final int CONNECTIONS_WAITING_MAX = 1024;
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(5);

    /** Rest after a failed accept, such as for want of file descriptors. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(10);

    private final ServerSocket socket;
    private final Address address;
    private @Nullable Thread acceptor;

    private Listener(ServerSocket socket, Address address) {
        this.socket = socket;
        this.address = address;
    }

    /** A socket that listens and accepts nothing yet. */
    static Listener bind(Address wanted) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(wanted.resolved(), CONNECTIONS_WAITING_MAX);
        } catch (IOException e) {
            socket.close();
            throw new IOException("listen tcp " + wanted + ": " + e.getMessage(), e);
        }
        return new Listener(socket, wanted.withPort(socket.getLocalPort()));
    }

    /** Where it listens, with the real port. */
    Address address() {
        return address;
    }

    /** Hands each accepted connection over, on a thread of its own. */
    void start(Consumer<Socket> accepted) {
        acceptor = Thread.ofVirtual().name("acceptor " + address).start(() -> accept(accepted));
    }

    /** Stops listening; afterwards the port is free and a connect is refused. */
    void close() throws IOException {
        socket.close();
        Thread thread = acceptor;
        try {
            // A blocked accept keeps the port until it has noticed that its socket is closed.
            if (thread != null && !thread.join(CLOSE_WAIT_MAX)) {
                throw new IOException("Cannot close " + address + ": its acceptor still runs. Use another port.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Cannot close " + address + ": interrupted. Check whether it still listens.", e);
        }
    }

    private void accept(Consumer<Socket> accepted) {
        while (!socket.isClosed()) {
            try {
                accepted.accept(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
                }
            }
        }
    }
}
