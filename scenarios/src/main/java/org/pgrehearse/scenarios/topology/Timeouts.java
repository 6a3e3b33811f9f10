package org.pgrehearse.scenarios.topology;

import java.time.Duration;

/**
 * How long an application waits for the network before it gives a connection up. Whole seconds, as the driver counts.
 *
 * @param connect for the TCP connection
 * @param login for the whole opening of a connection
 * @param socket for each answer of the server
 */
public record Timeouts(Duration connect, Duration login, Duration socket) {
    public Timeouts {
        requireWholeSeconds("connect", connect);
        requireWholeSeconds("login", login);
        requireWholeSeconds("socket", socket);
    }

    /** What most applications are set to: two seconds to connect, five to log in, ten for an answer. */
    public static Timeouts usual() {
        return new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    private static void requireWholeSeconds(String name, Duration timeout) {
        if (timeout.toSeconds() < 1 || !timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
            throw new IllegalArgumentException(
                    "Cannot use a " + name + " timeout of " + timeout + ": it must be whole seconds, at least one.");
        }
    }
}
