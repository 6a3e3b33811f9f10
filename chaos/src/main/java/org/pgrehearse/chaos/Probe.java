package org.pgrehearse.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** One connect, to see what a client would see. */
final class Probe {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private Probe() {}

    /** Whether a connect is refused; any other failure is no proof. */
    static boolean isRefused(InetSocketAddress address) throws IOException {
        try {
            connect(address);
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    /** Whether a connect succeeds. */
    static boolean isAccepted(InetSocketAddress address) {
        try {
            connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(CONNECT_MAX.toMillis()));
        }
    }
}
