package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.Interceptor.Passage;
import org.pgrehearse.chaos.proxy.Interceptor.Then;

final class InterceptorTest {
    private final EchoServer server = EchoServer.echo();
    private final FaultProxy faults = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final Proxy proxy = new ToxiproxyClient(
                    "127.0.0.1", faults.apiAddress().getPort())
            .createProxy("pg", "127.0.0.1:0", server.address());

    InterceptorTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        faults.close();
        server.close();
    }

    @Test
    void what_it_forwards_arrives_before_the_end_it_orders() throws IOException {
        faults.intercept("pg", link -> (direction, bytes) -> cutAfterThree(direction, bytes, Then.CLOSE));
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("abcdef").ending()).isEqualTo("abcEOF");
        }
        proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 50);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("abcdef").ending()).isEqualTo("abcEOF");
        }
        Effects effects = faults.effects("pg").orElseThrow();
        assertThat(effects.connectionsCut()).isEqualTo(2);
        assertThat(effects.downstream().bytesDropped()).isEqualTo(6);
        assertThat(effects.downstream().bytesWaiting()).isZero();
    }

    @Test
    void a_reset_it_orders_is_a_reset() throws IOException {
        faults.intercept("pg", link -> (direction, bytes) -> cutAfterThree(direction, bytes, Then.RESET));
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("abcdef").ending()).endsWith("RESET");
        }
        assertThat(faults.effects("pg").orElseThrow().connectionsReset()).isEqualTo(1);
    }

    @Test
    void connections_that_were_open_before_are_left_alone() throws IOException {
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.echo("before")).isEqualTo("before");
            faults.intercept("pg", link -> (direction, bytes) -> cutAfterThree(direction, bytes, Then.CLOSE));
            assertThat(peer.echo("after")).isEqualTo("after");
        }
        assertThatThrownBy(() -> faults.intercept("none", link -> (direction, bytes) -> Passage.all(bytes)))
                .hasMessage("Cannot watch proxy \"none\": proxy not found. Create it first.");
    }

    @Test
    void it_may_cut_from_outside() throws IOException {
        faults.intercept("pg", link -> (direction, bytes) -> {
            Thread.ofVirtual().start(link.cut());
            return new Passage(ByteBuffer.allocate(0), bytes.remaining(), Then.CONTINUE);
        });
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("x").rest(Duration.ofSeconds(5))).isEqualTo("EOF");
        }
    }

    private static Passage cutAfterThree(Direction direction, ByteBuffer bytes, Then then) {
        return direction == Direction.UPSTREAM
                ? Passage.all(bytes)
                : new Passage(bytes.slice(0, 3), bytes.remaining() - 3, then);
    }
}
