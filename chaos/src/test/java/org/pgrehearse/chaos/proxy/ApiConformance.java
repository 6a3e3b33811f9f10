package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every server of Toxiproxy's API answers, the real one and ours. */
abstract class ApiConformance {
    private final ToxiproxyServer toxiproxy;
    private final ToxiproxyClient client;
    private final Http http;
    private final EchoServer server;

    ApiConformance(ToxiproxyServer toxiproxy) throws IOException {
        this.toxiproxy = toxiproxy;
        this.client = new ToxiproxyClient("127.0.0.1", toxiproxy.api().getPort());
        this.http = new Http(toxiproxy.api());
        this.server = EchoServer.echo();
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        toxiproxy.close();
        server.close();
    }

    @Test
    void a_created_proxy_listens_on_a_real_port() throws IOException {
        Proxy proxy = client.createProxy("pg", "127.0.0.1:0", server.address());

        assertThat(proxy.getListen()).startsWith("127.0.0.1:").doesNotEndWith(":0");
        assertThat(proxy.getUpstream()).isEqualTo(server.address());
        assertThat(proxy.isEnabled()).isTrue();
        assertThat(client.getProxy("pg").getListen()).isEqualTo(proxy.getListen());
        assertThat(client.getProxies()).extracting(Proxy::getName).containsExactly("pg");
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void a_name_or_host_is_resolved_and_a_missing_listen_means_every_address() throws Exception {
        assertThat(http.post("/proxies", "{'name':'a','listen':'localhost:0','upstream':'x:1'}".replace('\'', '"'))
                        .json()
                        .get("listen")
                        .stringValue())
                .startsWith("127.0.0.1:");
        assertThat(http.post("/proxies", "{\"name\":\"b\",\"upstream\":\"x:1\"}")
                        .json()
                        .get("listen")
                        .stringValue())
                .startsWith("[::]:");
    }

    @Test
    void statuses_and_titles_are_toxiproxys() throws Exception {
        client.createProxy("pg", "127.0.0.1:0", server.address());
        String port = client.getProxy("pg").getListen();

        assertProblem(http.post("/proxies", "{\"name\":\"pg\",\"upstream\":\"x:1\"}"), 409, "proxy already exists");
        assertProblem(http.post("/proxies", "{\"upstream\":\"x:1\"}"), 400, "missing required field: name");
        assertProblem(http.post("/proxies", "{\"name\":\"a\"}"), 400, "missing required field: upstream");
        assertProblem(http.get("/proxies/none"), 404, "proxy not found");
        assertProblem(http.patch("/proxies/none", "{}"), 404, "proxy not found");
        assertProblem(http.delete("/proxies/none"), 404, "proxy not found");
        assertProblem(http.get("/proxies/none/toxics"), 404, "proxy not found");
        assertProblem(http.get("/proxies/pg/toxics/none"), 404, "toxic not found");
        assertProblem(http.patch("/proxies/pg/toxics/none", "{}"), 404, "toxic not found");
        assertProblem(http.delete("/proxies/pg/toxics/none"), 404, "toxic not found");
        assertProblem(http.post("/proxies/pg/toxics", "{\"type\":\"magic\"}"), 400, "invalid toxic type");
        assertProblem(
                http.post("/proxies/pg/toxics", "{\"type\":\"latency\",\"stream\":\"sideways\"}"),
                400,
                "stream was invalid, can be either upstream or downstream");
        assertThat(http.post("/proxies", "{").error()).startsWith("bad request body: ");
        assertThat(http.post("/proxies", "").status()).isEqualTo(400);
        assertThat(http.post("/proxies", "{\"name\":1,\"upstream\":\"x:1\"}").status())
                .isEqualTo(400);
        assertThat(http.post("/proxies/pg/toxics", "{\"type\":\"latency\",\"attributes\":{\"latency\":\"1\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(http.post("/proxies", "{\"name\":\"b\",\"upstream\":\"x:1\",\"listen\":\"" + port + "\"}")
                        .status())
                .isEqualTo(500);
        assertThat(http.get("/nowhere").status()).isEqualTo(404);
        assertThat(http.delete("/version").status()).isEqualTo(405);
    }

    @Test
    void a_toxic_has_toxiproxys_defaults() throws Exception {
        client.createProxy("pg", "127.0.0.1:0", server.address());

        Http.Answer answer = http.post("/proxies/pg/toxics", "{\"type\":\"latency\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("name").stringValue()).isEqualTo("latency_downstream");
        assertThat(answer.json().get("stream").stringValue()).isEqualTo("downstream");
        assertThat(answer.json().get("toxicity").doubleValue()).isEqualTo(1.0);
        assertThat(answer.json().get("attributes").get("latency").longValue()).isZero();
        assertThat(answer.json().get("attributes").get("jitter").longValue()).isZero();
        assertProblem(http.post("/proxies/pg/toxics", "{\"type\":\"latency\"}"), 409, "toxic already exists");
    }

    @Test
    void every_toxic_is_created_read_and_removed_by_the_java_client() throws IOException {
        Proxy proxy = client.createProxy("pg", "127.0.0.1:0", server.address());
        ToxicDirection up = ToxicDirection.UPSTREAM;

        assertThat(proxy.toxics().latency("a", up, 10).setJitter(5).getJitter()).isEqualTo(5);
        assertThat(proxy.toxics().bandwidth("b", up, 20).getRate()).isEqualTo(20);
        assertThat(proxy.toxics().slowClose("c", up, 30).getDelay()).isEqualTo(30);
        assertThat(proxy.toxics().timeout("d", up, 40).getTimeout()).isEqualTo(40);
        assertThat(proxy.toxics().slicer("e", up, 50, 60).setSizeVariation(7).getSizeVariation())
                .isEqualTo(7);
        assertThat(proxy.toxics().limitData("f", up, 70).getBytes()).isEqualTo(70);
        assertThat(proxy.toxics().resetPeer("g", ToxicDirection.DOWNSTREAM, 80).getTimeout())
                .isEqualTo(80);
        assertThat(proxy.toxics().getAll())
                .extracting(Toxic::getName)
                .containsExactly("a", "b", "c", "d", "e", "f", "g");

        Latency latency = proxy.toxics().get("a", Latency.class);
        latency.setLatency(11);
        latency.setToxicity(0.5f);
        assertThat(proxy.toxics().get("a", Latency.class).getLatency()).isEqualTo(11);
        assertThat(proxy.toxics().get("a", Latency.class).getJitter()).isEqualTo(5);
        assertThat(proxy.toxics().get("a").getToxicity()).isEqualTo(0.5f);

        proxy.toxics().get("a").remove();
        assertThatThrownBy(() -> proxy.toxics().get("a")).hasMessage("[404] toxic not found");
    }

    @Test
    void a_change_by_patch_or_post_keeps_what_it_does_not_name() throws Exception {
        Proxy proxy = client.createProxy("pg", "127.0.0.1:0", server.address());

        assertThat(http.patch("/proxies/pg", "{\"enabled\":false}")
                        .json()
                        .get("enabled")
                        .booleanValue())
                .isFalse();
        Http.Answer answer = http.post("/proxies/pg", "{\"Enabled\":true,\"toxics\":null}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("enabled").booleanValue()).isTrue();
        assertThat(answer.json().get("listen").stringValue()).isEqualTo(proxy.getListen());
        assertThat(answer.json().get("upstream").stringValue()).isEqualTo(server.address());
    }

    @Test
    void populate_replaces_only_what_differs() throws Exception {
        Proxy proxy = client.createProxy("same", "127.0.0.1:0", server.address());
        proxy.toxics().latency("slow", ToxicDirection.UPSTREAM, 1);
        Proxy other = client.createProxy("other", "127.0.0.1:0", "127.0.0.1:1");
        other.toxics().latency("slow", ToxicDirection.UPSTREAM, 1);

        Http.Answer answer = http.post(
                "/populate",
                "[" + populated("same", proxy.getListen(), server.address()) + ","
                        + populated("other", other.getListen(), server.address()) + ","
                        + populated("fresh", "127.0.0.1:0", server.address()) + "]");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("proxies").size()).isEqualTo(3);
        assertThat(client.getProxy("same").toxics().getAll()).hasSize(1);
        assertThat(client.getProxy("other").toxics().getAll()).isEmpty();
        try (Peer peer = Peer.to(client.getProxy("other").getListen());
                Peer fresh = Peer.to(client.getProxy("fresh").getListen())) {
            assertThat(peer.echo("a")).isEqualTo("a");
            assertThat(fresh.echo("b")).isEqualTo("b");
        }
        assertProblem(
                http.post("/populate", "[{\"name\":\"x\",\"upstream\":\"y:1\"},{\"name\":\"z\"}]"),
                400,
                "missing required field: upstream at proxy 2");
        assertThat(http.get("/proxies/x").status()).isEqualTo(404);
    }

    @Test
    void reset_enables_everything_and_removes_every_toxic() throws IOException {
        Proxy proxy = client.createProxy("pg", "127.0.0.1:0", server.address());
        proxy.toxics().latency("slow", ToxicDirection.UPSTREAM, 1);
        proxy.disable();

        client.reset();

        assertThat(client.getProxy("pg").isEnabled()).isTrue();
        assertThat(client.getProxy("pg").getListen()).isEqualTo(proxy.getListen());
        assertThat(client.getProxy("pg").toxics().getAll()).isEmpty();
    }

    @Test
    void the_version_is_told() throws Exception {
        assertThat(http.get("/version").json().get("version").stringValue()).isNotEmpty();
        assertThat(client.version()).contains("version");
    }

    @Test
    void browsers_are_refused() throws Exception {
        assertThat(http.send("GET", "/proxies", "", "Mozilla/5.0 (X11)").status())
                .isEqualTo(403);
    }

    @Test
    void metrics_count_the_bytes_of_closed_connections() throws Exception {
        Proxy proxy = client.createProxy("pg", "127.0.0.1:0", server.address());
        try (Peer peer = Peer.to(proxy.getListen())) {
            assertThat(peer.echo("1234567")).isEqualTo("1234567");
        }
        Waiting.until(() -> http.get("/metrics")
                .body()
                .contains("toxiproxy_proxy_received_bytes_total{direction=\"upstream\",listener=\"" + proxy.getListen()
                        + "\",proxy=\"pg\",upstream=\"" + server.address() + "\"} 7"));
    }

    private static String populated(String name, String listen, String upstream) {
        return "{\"name\":\"" + name + "\",\"listen\":\"" + listen + "\",\"upstream\":\"" + upstream + "\"}";
    }

    private static void assertProblem(Http.Answer answer, int status, String title) {
        assertThat(answer.error()).isEqualTo(title);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
    }
}
