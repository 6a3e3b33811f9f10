package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ObservedPortTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger over = new AtomicInteger();

    private Interceptor observer(Interceptor.Link link) {
        return new Interceptor() {
            @Override
            public Passage pass(Direction direction, ByteBuffer bytes) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                seen.add(link.number() + " " + direction + " " + new String(copy, StandardCharsets.UTF_8));
                return Passage.all(bytes);
            }

            @Override
            public void over() {
                over.incrementAndGet();
            }
        };
    }

    @Test
    void every_byte_passes_and_is_seen_and_closing_ends_connections() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            ObservedPort port = ObservedPort.open(
                    new InetSocketAddress(loopback.getHostAddress(), 0),
                    new InetSocketAddress(loopback.getHostAddress(), server.getLocalPort()),
                    this::observer);
            try (Socket client = new Socket(loopback, port.address().getPort());
                    Socket accepted = server.accept()) {
                client.getOutputStream().write('a');
                assertThat(accepted.getInputStream().read()).isEqualTo('a');
                accepted.getOutputStream().write('b');
                assertThat(client.getInputStream().read()).isEqualTo('b');
                assertThat(seen).containsExactly("1 UPSTREAM a", "1 DOWNSTREAM b");
                assertThat(port.effects().connectionsAccepted()).isEqualTo(1);

                assertThatThrownBy(() -> ObservedPort.open(port.address(), port.address(), this::observer))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("listen tcp");
                port.close();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                await().dontCatchUncaughtExceptions().atMost(LONG).until(() -> over.get() == 1);
            }
        }
    }
}
