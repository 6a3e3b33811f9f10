package org.pgrehearse.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One connection, to see what a client would see. */
final class Probe {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    /** Length and code of the message, as PostgreSQL's protocol has them. */
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 0x04, (byte) 0xd2, 0x16, 0x2f};

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

    /** What a server said to a question that every PostgreSQL answers at once. */
    sealed interface Answer {
        /** It answered, so long after the question. */
        record Told(Duration after) implements Answer {}

        /** The connection stood, and there was no answer. */
        record Silence() implements Answer {}

        /** The connection was not accepted, or ended before an answer. */
        record Broken() implements Answer {}
    }

    /** Asks whether the server would encrypt, which needs no login, and waits so long at most. */
    static Answer ask(InetSocketAddress address, Duration answerMax) {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(CONNECT_MAX.toMillis()));
            socket.setSoTimeout(Math.toIntExact(answerMax.toMillis()));
            long asked = System.nanoTime();
            socket.getOutputStream().write(SSL_REQUEST);
            return socket.getInputStream().read() < 0
                    ? new Answer.Broken()
                    : new Answer.Told(Duration.ofNanos(System.nanoTime() - asked));
        } catch (SocketTimeoutException e) {
            return new Answer.Silence();
        } catch (IOException e) {
            return new Answer.Broken();
        }
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(CONNECT_MAX.toMillis()));
        }
    }
}
