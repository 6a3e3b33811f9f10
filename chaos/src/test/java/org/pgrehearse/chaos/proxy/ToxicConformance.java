package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every toxic does to raw connections, in the real Toxiproxy and in ours. */
abstract class ToxicConformance {
    private static final ToxicDirection UPSTREAM = ToxicDirection.UPSTREAM;
    private static final ToxicDirection DOWNSTREAM = ToxicDirection.DOWNSTREAM;
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ToxiproxyServer toxiproxy;
    private final ToxiproxyClient client;
    private final EchoServer server;

    ToxicConformance(ToxiproxyServer toxiproxy) throws IOException {
        this.toxiproxy = toxiproxy;
        this.client = new ToxiproxyClient("127.0.0.1", toxiproxy.api().getPort());
        this.server = EchoServer.echo();
    }

    @AfterEach
    void close() throws IOException {
        toxiproxy.close();
        server.close();
    }

    @Test
    void a_disabled_proxy_cuts_and_refuses_until_it_is_enabled_on_the_same_port() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.disable();
            assertThat(peer.ending()).isEqualTo("EOF");
        }
        assertThatThrownBy(() -> Peer.to(proxy.getListen())).isInstanceOf(ConnectException.class);
        proxy.enable();
        connected(proxy).close();
    }

    @Test
    void latency_delays_each_way_on_open_connections_and_its_removal_ends_that() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().latency("down", DOWNSTREAM, 150);
            assertThat(time(() -> peer.echo("a"))).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            proxy.toxics().latency("up", UPSTREAM, 150);
            assertThat(time(() -> peer.echo("b"))).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            proxy.toxics().latency("hours", DOWNSTREAM, 10_000_000);
            proxy.toxics().get("hours").remove();
            assertThat(peer.echo("c")).isEqualTo("c");
        }
    }

    @Test
    void latency_with_jitter_keeps_the_order() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().latency("down", DOWNSTREAM, 100).setJitter(90);
        try (Peer peer = Peer.to(proxy.getListen())) {
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                peer.send("chunk " + i + ";");
                sent.append("chunk ").append(i).append(';');
            }
            assertThat(peer.read(sent.length())).isEqualTo(sent.toString());
        }
    }

    @Test
    void bandwidth_bounds_the_rate() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().bandwidth("thin", DOWNSTREAM, 100);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(time(() -> peer.echo("x".repeat(50_000)))).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    @Test
    void slow_close_delays_the_end() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().slowClose("slow", UPSTREAM, 300);
        try (Peer peer = connected(proxy)) {
            assertThat(time(() -> peer.sendEnd().ending())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
        Waiting.until(() -> server.endings().contains("EOF"));
    }

    @Test
    void a_timeout_of_zero_swallows_and_its_removal_closes() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().timeout("hole", DOWNSTREAM, 0);
            peer.send("lost");
            assertThat(peer.rest(SHORT)).isEqualTo("SILENCE");
            proxy.toxics().get("hole").remove();
            assertThat(peer.ending()).isEqualTo("EOF");
        }
        assertThat(server.received()).isEqualTo("hello".length() + "lost".length());
        connected(proxy).close();
    }

    @Test
    void a_timeout_upstream_keeps_bytes_from_the_server() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().timeout("hole", UPSTREAM, 0);
            peer.send("lost");
            assertThat(peer.rest(SHORT)).isEqualTo("SILENCE");
            assertThat(server.received()).isEqualTo("hello".length());
        }
    }

    @Test
    void a_timeout_closes_after_its_time() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().timeout("hole", DOWNSTREAM, 200);
            assertThat(peer.ending()).isEqualTo("EOF");
        }
    }

    @Test
    void reset_peer_resets_new_connections_on_their_first_bytes() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().resetPeer("rst", UPSTREAM, 0);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.rest(SHORT)).isEqualTo("SILENCE");
            assertThat(peer.send("x").ending()).isEqualTo("RESET");
        }
        proxy.toxics().get("rst").remove();
        connected(proxy).close();
    }

    @Test
    void a_slicer_changes_no_byte() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().slicer("knife", DOWNSTREAM, 10, 100).setSizeVariation(3);
        String text = "abcdefghijklmnopqrstuvwxyz".repeat(20);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.echo(text)).isEqualTo(text);
        }
    }

    @Test
    void limit_data_closes_after_so_many_bytes() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().limitData("limit", DOWNSTREAM, 5);
            assertThat(peer.send("0123456789").ending()).isEqualTo("01234EOF");
        }
    }

    @Test
    void limit_data_of_zero_upstream_loses_the_request_and_downstream_the_answer() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().limitData("limit", UPSTREAM, 0);
            assertThat(peer.send("request").ending()).isEqualTo("EOF");
            proxy.toxics().get("limit").remove();
        }
        assertThat(server.received()).isEqualTo(5);
        try (Peer peer = connected(proxy)) {
            proxy.toxics().limitData("limit", DOWNSTREAM, 0);
            assertThat(peer.send("request").ending()).isEqualTo("EOF");
        }
        Waiting.until(() -> server.received() == 5 + 5 + 7);
    }

    @Test
    void another_upstream_takes_new_connections_and_the_old_ones_are_cut() throws IOException {
        Proxy proxy = proxy();
        try (EchoServer other = EchoServer.echo();
                Peer peer = connected(proxy)) {
            proxy.setUpstream(other.address());
            assertThat(peer.ending()).isEqualTo("EOF");
            connected(proxy).close();
            assertThat(other.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_deleted_proxy_refuses() throws IOException {
        Proxy proxy = proxy();
        proxy.delete();
        assertThatThrownBy(() -> Peer.to(proxy.getListen())).isInstanceOf(ConnectException.class);
    }

    @Test
    void a_toxicity_of_zero_spares_everyone() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().limitData("limit", DOWNSTREAM, 0).setToxicity(0);
        for (int i = 0; i < 20; i++) {
            connected(proxy).close();
        }
    }

    @Test
    void an_unreachable_server_closes_the_connection() throws IOException {
        Proxy proxy = client.createProxy("dead", "127.0.0.1:0", "127.0.0.1:1");
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.ending()).isEqualTo("EOF");
        }
    }

    private Proxy proxy() throws IOException {
        return client.createProxy("pg", "127.0.0.1:0", server.address());
    }

    private static Peer connected(Proxy proxy) throws IOException {
        Peer peer = Peer.to(proxy.getListen());
        assertThat(peer.echo("hello")).isEqualTo("hello");
        return peer;
    }

    private static Duration time(Action action) throws IOException {
        long start = System.nanoTime();
        assertThat(action.run()).isNotNull();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private interface Action {
        Object run() throws IOException;
    }
}
