package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many connections, stuck peers and many controllers at once. */
final class CrowdTest {
    private static final int SECONDS_MAX = 30;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    @Test
    void a_thousand_connections_at_once_are_served_and_reset() throws Exception {
        FaultProxy faults = faults(1);
        Proxy proxy = proxy(faults, server(EchoServer.Manner.ECHO));
        List<Peer> peers = connect(proxy, 1000);
        for (Peer peer : peers) {
            peer.send("hello");
        }
        for (Peer peer : peers) {
            assertThat(peer.read(5)).isEqualTo("hello");
        }
        assertThat(effects(faults).connectionsOpen()).isEqualTo(1000);

        proxy.toxics().resetPeer("rst", ToxicDirection.UPSTREAM, 1);

        for (Peer peer : peers) {
            assertThat(peer.ending()).isEqualTo("RESET");
        }
        assertThat(effects(faults).toxic("rst").connectionsReset()).isEqualTo(1000);
        Waiting.until(() -> effects(faults).connectionsOpen() == 0);
    }

    @Test
    void a_reader_that_does_not_read_costs_no_more_than_the_bound() throws Exception {
        FaultProxy faults = faults(1);
        Proxy proxy = proxy(faults, server(EchoServer.Manner.FLOOD));
        proxy.toxics().bandwidth("wide", ToxicDirection.DOWNSTREAM, 1_000_000);
        assertThat(connect(proxy, 1)).hasSize(1);
        assertThat(waitingWhenStuck(faults))
                .isPositive()
                .isLessThanOrEqualTo(Line.BYTES_WAITING_MAX + 2L * Flow.BYTES_PER_READ_MAX);

        proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 1);
        Waiting.until(() -> effects(faults).downstream().bytesWaiting() > Line.BYTES_WAITING_MAX);
        assertThat(waitingWhenStuck(faults))
                .isLessThanOrEqualTo(Line.BYTES_WAITING_WITH_LATENCY_MAX + 2L * Flow.BYTES_PER_READ_MAX);
    }

    @Test
    void healing_never_waits_for_stuck_peers() throws Exception {
        FaultProxy faults = faults(1);
        Proxy proxy = proxy(faults, server(EchoServer.Manner.FLOOD));
        proxy.toxics().bandwidth("wide", ToxicDirection.DOWNSTREAM, 1_000_000);
        proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 1);
        proxy.toxics().timeout("hole", ToxicDirection.UPSTREAM, 0);
        List<Peer> peers = connect(proxy, 50);
        Waiting.until(() -> effects(faults).downstream().bytesWaiting() > 50L * Line.BYTES_WAITING_MAX);

        within(() -> {
            proxy.toxics().get("slow").remove();
            proxy.toxics().get("wide").remove();
            proxy.toxics().get("hole").remove();
            proxy.disable();
            proxy.enable();
            return proxy.toxics().getAll();
        });

        Waiting.until(() -> effects(faults).connectionsOpen() == 0);
        assertThat(effects(faults).toxic("hole").connectionsCut()).isEqualTo(peers.size());
    }

    @Test
    void fifty_controllers_at_once_get_what_they_ask_for() throws Exception {
        FaultProxy faults = faults(1);
        Proxy proxy = proxy(faults, server(EchoServer.Manner.ECHO));
        List<Peer> peers = connect(proxy, 20);
        List<Callable<String>> work = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String name = "toxic" + i;
            work.add(() -> {
                Proxy own = new ToxiproxyClient("127.0.0.1", faults.apiAddress().getPort()).getProxy("pg");
                own.toxics().latency(name, ToxicDirection.DOWNSTREAM, 1).setJitter(1);
                own.toxics().get(name).setToxicity(0.5f);
                own.toxics().get(name).remove();
                return name;
            });
        }
        within(() -> {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<String> done : executor.invokeAll(work)) {
                    assertThat(done.get()).startsWith("toxic");
                }
            }
            return work;
        });
        assertThat(proxy.toxics().getAll()).isEmpty();
        for (Peer peer : peers) {
            assertThat(peer.echo("still here")).isEqualTo("still here");
        }
    }

    @Test
    void a_connections_luck_comes_from_the_seed_and_outlives_neighbors() throws Exception {
        List<BitSet> held = new ArrayList<>();
        for (long seed : List.of(1L, 1L, 2L)) {
            FaultProxy faults = faults(seed);
            Proxy proxy = proxy(faults, server(EchoServer.Manner.ECHO));
            proxy.toxics().timeout("hole", ToxicDirection.DOWNSTREAM, 0).setToxicity(0.5f);
            List<Peer> peers = connect(proxy, 60);
            BitSet before = held(faults, peers);
            proxy.toxics().latency("neighbor", ToxicDirection.DOWNSTREAM, 0);
            assertThat(held(faults, peers)).isEqualTo(before);
            proxy.toxics().get("neighbor").remove();
            assertThat(held(faults, peers)).isEqualTo(before);
            held.add(before);
        }
        assertThat(held.get(0)).isEqualTo(held.get(1)).isNotEqualTo(held.get(2));
        assertThat(held.get(0).cardinality()).isBetween(15, 45);
    }

    /** Which connections get no answer. */
    private static BitSet held(FaultProxy faults, List<Peer> peers) throws IOException {
        long before = answered(faults);
        for (Peer peer : peers) {
            peer.send("x");
        }
        Waiting.until(() -> answered(faults) == before + peers.size());
        BitSet held = new BitSet();
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            held.set(i, !peer.hasAnswer());
            if (!held.get(i)) {
                assertThat(peer.read(1)).isEqualTo("x");
            }
        }
        return held;
    }

    private static long answered(FaultProxy faults) {
        Effects.Traffic down = effects(faults).downstream();
        return down.bytesPassed() + down.bytesDropped();
    }

    private static long waitingWhenStuck(FaultProxy faults) {
        List<Long> seen = new ArrayList<>(List.of(-1L));
        Waiting.until(() -> {
            long now = effects(faults).downstream().bytesReceived();
            seen.add(now);
            int size = seen.size();
            return now > 0
                    && size > 50
                    && seen.subList(size - 50, size).stream().allMatch(old -> old == now);
        });
        return effects(faults).downstream().bytesWaiting();
    }

    private List<Peer> connect(Proxy proxy, int count) throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Peer peer = Peer.to(proxy.getListen());
            opened.add(peer);
            peers.add(peer);
        }
        return peers;
    }

    private FaultProxy faults(long seed) throws IOException {
        FaultProxy faults = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), seed);
        opened.add(faults);
        return faults;
    }

    private EchoServer server(EchoServer.Manner manner) throws IOException {
        EchoServer server = new EchoServer(manner);
        opened.add(server);
        return server;
    }

    private static Proxy proxy(FaultProxy faults, EchoServer server) throws IOException {
        return new ToxiproxyClient("127.0.0.1", faults.apiAddress().getPort())
                .createProxy("pg", "127.0.0.1:0", server.address());
    }

    private static Effects effects(FaultProxy faults) {
        return faults.effects("pg").orElseThrow();
    }

    /** The work hangs no longer than a generous bound. */
    private static void within(Callable<?> work) throws InterruptedException, ExecutionException, TimeoutException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(executor.submit(work).get(SECONDS_MAX, TimeUnit.SECONDS)).isNotNull();
        }
    }
}
