package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/**
 * Runs through the proxies of a Toxiproxy elsewhere: of a real one where {@code -Dtoxiproxy.server=PATH} names its
 * binary, else of the embedded one by its API alone.
 */
final class ToxiproxyIT {
    private static final Duration START_MAX = Duration.ofSeconds(20);

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();
    private InetSocketAddress api = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private AutoCloseable server = () -> {};

    @BeforeEach
    void start() throws IOException {
        String binary = System.getProperty("toxiproxy.server");
        if (binary == null) {
            FaultProxy proxy = FaultProxy.start(api, 1);
            api = proxy.apiAddress();
            server = proxy;
            return;
        }
        api = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        Process process = new ProcessBuilder(binary, "-host", "127.0.0.1", "-port", Integer.toString(api.getPort()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        server = process::destroyForcibly;
        await().dontCatchUncaughtExceptions().atMost(START_MAX).until(() -> accepts(api));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void a_run_uses_its_proxies_sees_faults_bite_and_leaves_none_behind() throws Exception {
        ToxiproxyClient client = new ToxiproxyClient("127.0.0.1", api.getPort());
        client.createProxy("replication", "127.0.0.1:0", "127.0.0.1:" + freePort());
        rehearse();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(recorder.events(Event.FaultBit.class))
                .hasSize(2)
                .allSatisfy(bit -> assertThat(bit.evidence()).isEqualTo("a probe's connection was reset"));
        assertThat(client.getProxies()).isEmpty();
    }

    @Test
    void a_proxy_that_another_run_uses_is_left_alone() throws Exception {
        ToxiproxyClient client = new ToxiproxyClient("127.0.0.1", api.getPort());
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client.createProxy("source", "127.0.0.1:0", "127.0.0.1:" + used.getLocalPort());
            rehearse();
        }
        Event.RunClosed closed = recorder.events(Event.RunClosed.class).getFirst();
        assertThat(closed.ending()).isEqualTo(Ending.BROKEN);
        assertThat(closed.detail())
                .startsWith("Cannot use Toxiproxy at ")
                .contains("it has a proxy \"source\" to 127.0.0.1:")
                .endsWith("End the run that uses it, or delete the proxy.");
        assertThat(client.getProxies()).extracting(Proxy::getName).containsExactly("source");
    }

    private void rehearse() throws InvalidScenario {
        String yaml = Catalogue.yaml("logical-cutover")
                .orElseThrow()
                .replaceAll("orders: \\d+", "orders: 5000")
                .replace("    after: 300ms\n", "") // so little is copied sooner than that
                .replaceAll("rate: \\d+/s", "rate: 100/s")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:");
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("logical-cutover", yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 6, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        new Rehearsal(plan.through(api), recorder, line -> {}).run();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
