package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Free TCP ports of this machine. */
final class Ports {
    static final String LOOPBACK = "127.0.0.1";

    // Below the ports that systems hand to outgoing connections: while a server is down, a client that keeps trying
    // could otherwise be given the server's own port, connect to itself, and keep the server from starting again.
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS_MAX = 200;

    private Ports() {}

    /** A port that nobody listens on at this moment. */
    static int choose(RandomGenerator random) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = random.nextInt(FIRST, LAST);
            if (free(port)) {
                return port;
            }
        }
        throw new EnvironmentException("Cannot find a free port on " + LOOPBACK + ": " + ATTEMPTS_MAX + " between "
                + FIRST + " and " + LAST + " were taken. Stop what listens there.");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
