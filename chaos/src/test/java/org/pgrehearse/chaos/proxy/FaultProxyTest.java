package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the embedded fault proxy does better than Toxiproxy, on purpose. */
final class FaultProxyTest {
    private static final ToxicDirection UPSTREAM = ToxicDirection.UPSTREAM;
    private static final ToxicDirection DOWNSTREAM = ToxicDirection.DOWNSTREAM;

    private final FaultProxy faults = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 7);
    private final ToxiproxyClient client =
            new ToxiproxyClient("127.0.0.1", faults.apiAddress().getPort());
    private final Http http = new Http(faults.apiAddress());
    private final EchoServer server = EchoServer.echo();

    FaultProxyTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        http.close();
        faults.close();
        server.close();
    }

    @Test
    void reset_peer_resets_idle_connections_that_were_there_before_on_both_sides() throws IOException {
        Proxy proxy = proxy();
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            peers.add(connected(proxy));
        }
        proxy.toxics().resetPeer("rst", DOWNSTREAM, 1);
        for (Peer peer : peers) {
            assertThat(peer.ending()).isEqualTo("RESET");
            peer.close();
        }
        assertThat(effects().connectionsReset()).isEqualTo(20);
        assertThat(effects().toxic("rst").connectionsReset()).isEqualTo(20);
        Waiting.until(() -> server.endings().size() == 20);
        assertThat(server.endings()).containsOnly("Connection reset");
    }

    @Test
    void reset_peer_of_zero_resets_an_open_connection_on_its_next_byte() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            proxy.toxics().resetPeer("rst", DOWNSTREAM, 0);
            assertThat(peer.rest(Duration.ofMillis(100))).isEqualTo("SILENCE");
            assertThat(peer.send("request").ending()).isEqualTo("RESET");
        }
        assertThat(server.received()).isEqualTo(5 + 7);
    }

    @Test
    void a_proxy_is_created_with_its_toxics_at_once() throws Exception {
        Http.Answer answer = http.post(
                "/proxies",
                ("{'name':'pg','listen':'127.0.0.1:0','upstream':'" + server.address()
                                + "','toxics':[{'type':'limit_data','attributes':{'bytes':2}}]}")
                        .replace('\'', '"'));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("toxics").get(0).get("name").stringValue()).isEqualTo("limit_data_downstream");
        try (Peer peer = Peer.to(answer.json().get("listen").stringValue())) {
            assertThat(peer.send("abc").ending()).isEqualTo("abEOF");
        }
    }

    @Test
    void populate_brings_toxics_and_does_all_or_nothing() throws Exception {
        Proxy existing = proxy();
        String fresh = ("{'name':'fresh','listen':'127.0.0.1:0','upstream':'" + server.address() + "',"
                        + "'toxics':[{'type':'timeout','name':'hole'}]}")
                .replace('\'', '"');
        String taken = ("{'name':'taken','listen':'" + existing.getListen() + "','upstream':'x:1'}").replace('\'', '"');

        assertThat(http.post("/populate", "[" + fresh + "," + taken + "]").status())
                .isEqualTo(500);
        assertThat(client.getProxies()).extracting(Proxy::getName).containsExactly("pg");
        assertThat(http.post("/populate", "[" + fresh + "," + fresh + "]").status())
                .isEqualTo(400);

        assertThat(http.post("/populate", "[" + fresh + "]").status()).isEqualTo(201);
        assertThat(client.getProxy("fresh").toxics().get("hole").getName()).isEqualTo("hole");
        connected(existing).close();
    }

    @Test
    void values_without_a_meaning_are_refused() throws Exception {
        proxy();
        for (String toxic : List.of(
                "{'type':'latency','attributes':{'latency':-1}}",
                "{'type':'latency','attributes':{'latency':1.5}}",
                "{'type':'latency','toxicity':1.1}",
                "{'type':'slicer'}",
                "{'type':'slicer','attributes':{'average_size':5,'size_variation':5}}")) {
            Http.Answer answer = http.post("/proxies/pg/toxics", toxic.replace('\'', '"'));
            assertThat(answer.status()).as(toxic).isEqualTo(400);
            assertThat(answer.error()).startsWith("bad request body: ");
        }
        assertThat(http.post("/proxies", "{\"name\":\"x\",\"upstream\":\"nowhere\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_server_that_does_not_accept_blocks_nobody_else() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Filler _full = new Filler(deaf)) {
            Proxy proxy = client.createProxy("pg", "127.0.0.1:0", "127.0.0.1:" + deaf.getLocalPort());
            try (Peer stuck = Peer.to(proxy.getListen())) {
                proxy.setUpstream(server.address());
                connected(proxy).close();
                assertThat(stuck.ending()).isEqualTo("EOF");
            }
        }
    }

    @Test
    void a_change_releases_what_waits() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            var latency = proxy.toxics().latency("slow", DOWNSTREAM, 60_000);
            peer.send("abc");
            Waiting.until(() -> effects().toxic("slow").chunksDelayed() > 0);
            latency.setLatency(0);
            assertThat(peer.read(3)).isEqualTo("abc");
            latency.setLatency(60_000);
            peer.send("def");
            Waiting.until(() -> effects().toxic("slow").chunksDelayed() > 1);
            latency.remove();
            assertThat(peer.read(3)).isEqualTo("def");
        }
    }

    @Test
    void an_end_of_one_direction_leaves_the_other_open() throws IOException {
        Proxy proxy = proxy();
        proxy.toxics().latency("slow", DOWNSTREAM, 100);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("abc").sendEnd().ending()).isEqualTo("abcEOF");
        }
        Waiting.until(() -> effects().connectionsOpen() == 0);
        assertThat(effects().connectionsCut()).isZero();
    }

    @Test
    void a_reset_by_the_client_reaches_the_server_as_a_reset() throws IOException {
        Proxy proxy = proxy();
        try (Socket socket = new Socket()) {
            String listen = proxy.getListen();
            int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write('a');
            Waiting.until(() -> server.received() == 1);
            socket.setSoLinger(true, 0);
        }
        Waiting.until(() -> server.endings().contains("Connection reset"));
        assertThat(effects().connectionsReset()).isZero();
    }

    @Test
    void closing_it_closes_every_port_and_connection() throws IOException {
        Proxy proxy = proxy();
        try (Peer peer = connected(proxy)) {
            faults.close();
            assertThat(peer.ending()).isEqualTo("EOF");
        }
        assertThatThrownBy(() -> Peer.to(proxy.getListen())).isInstanceOf(ConnectException.class);
        assertThatThrownBy(client::getProxies).isInstanceOf(IOException.class);
    }

    @Test
    void what_it_did_is_counted_by_toxic_and_stays_known_after_removal() throws Exception {
        Proxy proxy = proxy();
        proxy.toxics().limitData("cut", UPSTREAM, 3);
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.send("abcdef").rest(Peer.PATIENCE)).endsWith("EOF");
        }
        proxy.toxics().get("cut").remove();

        Effects effects = effects();
        assertThat(effects.connectionsAccepted()).isEqualTo(1);
        assertThat(effects.connectionsCut()).isEqualTo(1);
        assertThat(effects.toxic("cut").connectionsCut()).isEqualTo(1);
        assertThat(effects.toxic("cut").bytesDropped()).isEqualTo(3);
        assertThat(effects.upstream().bytesReceived()).isEqualTo(6);
        assertThat(effects.upstream().bytesPassed()).isEqualTo(3);
        assertThat(effects.upstream().bytesDropped()).isEqualTo(3);
        assertThat(effects.toxic("unknown")).isEqualTo(Effects.ToxicEffects.NONE);
        assertThat(http.get("/proxies/pg")
                        .json()
                        .get("effects")
                        .get("connectionsCut")
                        .longValue())
                .isEqualTo(1);
        assertThat(http.get("/metrics").body())
                .contains("pgrehearse_toxic_connections_cut_total{proxy=\"pg\",toxic=\"cut\"} 1")
                .contains("pgrehearse_proxy_connections_accepted_total{proxy=\"pg\"} 1");
        assertThat(http.get("/version").json().get("version").stringValue()).isEqualTo("2.12.0");
        assertThat(faults.effects("none")).isEmpty();
    }

    @Test
    void metrics_are_live() throws Exception {
        Proxy proxy = proxy();
        try (Peer _open = connected(proxy)) {
            assertThat(http.get("/metrics").body())
                    .contains("toxiproxy_proxy_sent_bytes_total{direction=\"downstream\",listener=\""
                            + proxy.getListen() + "\",proxy=\"pg\",upstream=\"" + server.address() + "\"} 5")
                    .contains("pgrehearse_proxy_connections_open{proxy=\"pg\"} 1");
        }
    }

    @Test
    void a_name_may_hold_any_character() throws Exception {
        String odd = "{\"name\":\"a b+c\",\"upstream\":\"x:1\",\"listen\":\"127.0.0.1:0\"}";
        assertThat(http.post("/proxies", odd).status()).isEqualTo(201);
        assertThat(http.get("/proxies/a%20b+c").json().get("name").stringValue())
                .isEqualTo("a b+c");
    }

    private Proxy proxy() throws IOException {
        return client.createProxy("pg", "127.0.0.1:0", server.address());
    }

    private Effects effects() {
        return faults.effects("pg").orElseThrow();
    }

    private static Peer connected(Proxy proxy) throws IOException {
        Peer peer = Peer.to(proxy.getListen());
        assertThat(peer.echo("hello")).isEqualTo("hello");
        return peer;
    }

    /** Connections that fill a listener's queue, so that the next connect gets no answer. */
    private static final class Filler implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        Filler(ServerSocket server) throws IOException {
            for (int i = 0; i < 3; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
