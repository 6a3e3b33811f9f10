package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PortsTest {
    @Test
    void a_port_is_free_and_below_those_of_outgoing_connections() throws IOException {
        int port = Ports.choose(RandomGenerator.getDefault());
        assertThat(port).isBetween(20_000, 31_999);
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(socket.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    void the_search_for_a_free_port_ends() throws IOException {
        int taken = Ports.choose(RandomGenerator.getDefault());
        try (ServerSocket socket = new ServerSocket(taken, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> Ports.choose(new Always(socket.getLocalPort())))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("Cannot find a free port on 127.0.0.1: 200 between 20000 and 32000 were taken."
                            + " Stop what listens there.");
        }
    }

    private record Always(int value) implements RandomGenerator {
        @Override
        public long nextLong() {
            return value;
        }

        @Override
        public int nextInt(int origin, int bound) {
            return value;
        }
    }
}
