package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.EchoServer;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Peer;

final class FaultControlTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final EchoServer server = EchoServer.echo();
    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final FaultControl control = FaultControl.embedded(proxy, List.of(), System::nanoTime);

    FaultControlTest() throws IOException {}

    @BeforeEach
    void create() throws IOException {
        assertThat(control.proxies()
                        .create("app", "127.0.0.1:0", server.address())
                        .enabled())
                .isTrue();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void refuse_cuts_and_refuses_and_heals() throws Exception {
        try (Peer peer = connected()) {
            try (Healing healing = control.inject(new Fault.Refuse("app"))) {
                assertThat(peer.ending()).isEqualTo("EOF");
                assertBite(healing, "1 connections cut, a connect was refused");
                assertThat(control.remainingFaults()).containsExactly("closed proxy app");
                assertThatThrownBy(() -> control.inject(new Fault.Refuse("app")))
                        .isInstanceOf(CannotInject.class)
                        .hasMessage("Cannot inject refuse at app: proxy \"app\" is closed already. Heal it first.");
            }
        }
        assertHealed();
    }

    @Test
    void reset_bites_only_where_there_is_a_connection() throws Exception {
        try (Healing healing = control.inject(new Fault.Reset("app"))) {
            assertThat(healing.awaitBite(Duration.ofMillis(50))).isEmpty();
        }
        try (Peer peer = connected();
                Healing healing = control.inject(new Fault.Reset("app"))) {
            assertThat(peer.ending()).isEqualTo("RESET");
            assertBite(healing, "1 connections reset");
        }
        assertHealed();
    }

    @Test
    void latency_bites_once_a_byte_was_late() throws Exception {
        try (Peer peer = connected()) {
            Fault fault = new Fault.Latency(
                    "app", Duration.ofMillis(30), Duration.ofMillis(10), Set.of(Direction.DOWNSTREAM));
            try (Healing healing = control.inject(fault)) {
                assertThat(healing.awaitBite(Duration.ofMillis(50))).isEmpty();
                assertThat(peer.echo("late")).isEqualTo("late");
                assertBite(healing, "1 chunks delayed");
            }
            assertThat(peer.echo("again")).isEqualTo("again");
        }
        assertHealed();
    }

    @Test
    void bandwidth_bites_once_bytes_waited() throws Exception {
        try (Peer peer = connected();
                Healing healing = control.inject(new Fault.Bandwidth("app", 1000, Direction.BOTH))) {
            assertThat(healing.bite()).isEmpty();
            assertThat(peer.echo("x".repeat(1000))).hasSize(1000);
            assertThat(bite(healing).evidence()).endsWith(" bytes held back");
        }
        assertHealed();
    }

    @Test
    void a_blackhole_bites_once_bytes_vanished_and_closes_when_it_heals() throws Exception {
        try (Peer peer = connected()) {
            try (Healing healing = control.inject(new Fault.Blackhole("app", Direction.BOTH))) {
                assertThat(healing.awaitBite(Duration.ofMillis(50))).isEmpty();
                peer.send("lost");
                assertBite(healing, "4 bytes swallowed");
                assertThat(peer.rest(Duration.ofMillis(50))).isEqualTo("SILENCE");
            }
            assertThat(peer.ending()).isEqualTo("EOF");
        }
        assertThat(server.received()).isEqualTo(5);
        assertHealed();
    }

    @Test
    void limit_data_bites_once_a_connection_was_cut() throws Exception {
        try (Peer peer = connected();
                Healing healing = control.inject(new Fault.LimitData("app", 3, Direction.DOWNSTREAM))) {
            assertThat(healing.bite()).isEmpty();
            assertThat(peer.send("abcdef").ending()).isEqualTo("abcEOF");
            assertBite(healing, "1 connections cut");
        }
        assertHealed();
    }

    @Test
    void slow_close_bites_once_a_close_was_late() throws Exception {
        Fault fault = new Fault.SlowClose("app", Duration.ofMillis(50), Set.of(Direction.UPSTREAM));
        try (Peer peer = connected();
                Healing healing = control.inject(fault)) {
            assertThat(healing.bite()).isEmpty();
            assertThat(peer.sendEnd().ending()).isEqualTo("EOF");
            assertBite(healing, "1 closes delayed");
        }
        assertHealed();
    }

    @Test
    void a_slicer_bites_once_a_chunk_was_sliced() throws Exception {
        Fault fault = new Fault.Slicer("app", 10, 2, Duration.ofNanos(1000), Set.of(Direction.DOWNSTREAM));
        try (Peer peer = connected();
                Healing healing = control.inject(fault)) {
            assertThat(peer.echo("tiny")).isEqualTo("tiny");
            assertThat(healing.bite()).isEmpty();
            assertThat(peer.echo("x".repeat(100))).hasSize(100);
            assertThat(bite(healing).evidence()).endsWith(" slices cut");
        }
        assertHealed();
    }

    @Test
    void a_bite_is_seen_also_when_nobody_looked_before_healing() throws Exception {
        try (Peer peer = connected();
                Healing healing = control.inject(new Fault.Latency("app", SOON, Duration.ZERO, Direction.BOTH))) {
            peer.send("late");
            assertThat(healing.awaitBite(SOON)).isPresent();
            healing.close();
            assertThat(bite(healing).evidence()).isEqualTo("1 chunks delayed");
            assertThat(healing.healed().orElseThrow().requestNanos())
                    .isGreaterThanOrEqualTo(healing.asked().confirmedNanos());
            assertThat(peer.read(4)).isEqualTo("late");
            healing.close();
        }
        assertHealed();
    }

    @Test
    void two_faults_at_one_place_heal_apart() throws Exception {
        try (Peer peer = connected()) {
            Healing hour = control.inject(new Fault.Latency("app", HOUR, Duration.ZERO, Direction.BOTH));
            try (Healing _short =
                    control.inject(new Fault.Latency("app", Duration.ofMillis(1), Duration.ZERO, Direction.BOTH))) {
                hour.close();
                assertThat(peer.echo("through")).isEqualTo("through");
                assertThat(control.remainingFaults()).hasSize(2);
            }
        }
        assertHealed();
    }

    @Test
    void an_interrupted_thread_heals_and_stays_interrupted() throws Exception {
        Healing healing = control.inject(new Fault.Blackhole("app", Direction.BOTH));
        Thread.currentThread().interrupt();
        healing.close();
        assertThat(Thread.interrupted()).isTrue();
        assertHealed();
    }

    @Test
    void a_fault_heals_when_the_work_under_it_fails() throws Exception {
        assertThatThrownBy(() -> {
                    try (Healing _hole = control.inject(new Fault.Blackhole("app", Direction.BOTH))) {
                        throw new IllegalStateException("planted");
                    }
                })
                .hasMessage("planted");
        assertHealed();
    }

    @Test
    void a_fault_on_an_unknown_place_is_not_injected() {
        assertThatThrownBy(() -> control.inject(new Fault.Reset("nowhere")))
                .isInstanceOf(CannotInject.class)
                .hasMessageContaining("[404] proxy not found");
        assertThatThrownBy(() -> control.inject(new Fault.Kill("source")))
                .isInstanceOf(CannotInject.class)
                .hasMessage("Cannot inject kill at source: its processes are not ours."
                        + " Choose a server that the environment started.");
        assertThatThrownBy(() -> new Fault.Reset("not/safe")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Fault.Blackhole("app", Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_heal_that_cannot_be_confirmed_is_loud() throws Exception {
        Healing healing = control.inject(new Fault.Blackhole("app", Direction.BOTH));
        proxy.close();
        assertThatThrownBy(healing::close)
                .isInstanceOf(CannotHeal.class)
                .hasMessageStartingWith("Cannot heal blackhole at app: Cannot read toxic");
        assertThat(healing.healed()).isEmpty();
        assertThatThrownBy(control::assertNoFaultRemains)
                .isInstanceOf(CannotHeal.class)
                .hasMessageStartingWith("Cannot tell whether a fault remains: Cannot list the proxies");
    }

    @Test
    void somebody_elses_toxic_is_a_fault_that_remains() throws Exception {
        new ToxiproxyClient("127.0.0.1", proxy.apiAddress().getPort())
                .getProxy("app")
                .toxics()
                .latency("left", eu.rekawek.toxiproxy.model.ToxicDirection.UPSTREAM, 1);
        assertThatThrownBy(control::assertNoFaultRemains)
                .isInstanceOf(CannotHeal.class)
                .hasMessage("Cannot end without faults: toxic left on proxy app. Reset the fault proxy and run again.");
    }

    @Test
    void a_control_that_never_answers_hangs_nobody() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            FaultControl deaf = FaultControl.remote(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()),
                    List.of(),
                    System::nanoTime);
            assertThatThrownBy(deaf::remainingFaults)
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot list the proxies: no answer within 5000 ms. Check that the fault proxy runs.");
        }
    }

    @Test
    void without_counters_probes_see_what_a_client_would_see() throws Exception {
        FaultControl remote = FaultControl.remote(proxy.apiAddress(), List.of(), System::nanoTime);
        try (Peer peer = connected();
                Healing reset = remote.inject(new Fault.Reset("app"))) {
            assertThat(peer.ending()).isEqualTo("RESET");
            assertBite(reset, "a probe's connection was reset");
        }
        assertHealed();
        try (Healing hole = remote.inject(new Fault.Blackhole("app", Direction.BOTH))) {
            assertThat(bite(hole).evidence()).matches("a probe had no answer within \\d+ ms");
        }
        assertHealed();
        Duration latency = Duration.ofMillis(150);
        try (Healing slow =
                remote.inject(new Fault.Latency("app", latency, Duration.ZERO, Set.of(Direction.DOWNSTREAM)))) {
            assertThat(bite(slow).evidence()).matches("a probe's answer took 1[5-9]\\d ms, and \\d+ ms before");
        }
        assertHealed();
        try (Healing refuse = remote.inject(new Fault.Refuse("app"))) {
            assertBite(refuse, "0 connections cut, a connect was refused");
        }
        assertHealed();
    }

    @Test
    void without_counters_a_fault_that_probes_cannot_tell_is_not_said_to_bite() throws Exception {
        FaultControl remote = FaultControl.remote(proxy.apiAddress(), List.of(), System::nanoTime);
        try (Peer peer = connected();
                Healing thin = remote.inject(new Fault.Bandwidth("app", 1, Direction.BOTH))) {
            assertThat(peer.echo("hello")).isEqualTo("hello");
            assertThat(thin.awaitBite(Duration.ofMillis(300))).isEmpty();
        }
        Duration uncertain = Duration.ofMillis(20);
        try (Healing slow = remote.inject(new Fault.Latency("app", uncertain, uncertain, Direction.BOTH))) {
            assertThat(slow.awaitBite(Duration.ofMillis(300))).isEmpty();
        }
        assertHealed();
    }

    private Peer connected() throws IOException {
        Peer peer = new Peer(control.proxies().proxy("app").listenAddress().getPort());
        assertThat(peer.echo("hello")).isEqualTo("hello");
        return peer;
    }

    private static Bite bite(Healing healing) throws InterruptedException {
        return healing.awaitBite(SOON).orElseThrow();
    }

    private static void assertBite(Healing healing, String evidence) throws InterruptedException {
        Bite bite = bite(healing);
        assertThat(bite.evidence()).isEqualTo(evidence);
        assertThat(bite.atNanos()).isGreaterThanOrEqualTo(healing.asked().requestNanos());
        assertThat(healing.asked().confirmedNanos())
                .isGreaterThan(healing.asked().requestNanos());
        assertThat(healing.healed()).isEmpty();
    }

    private void assertHealed() throws Exception {
        control.assertNoFaultRemains();
        connected().close();
    }
}
