package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.EchoServer;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Peer;
import org.pgrehearse.chaos.proxy.Waiting;
import org.pgrehearse.chaos.wire.WireWatch;

/** Connections that are over leave nothing behind: no thread, no file descriptor, no entry in a map. */
final class LeftoversTest {
    private static final int ROUNDS = 30;
    private static final int CONNECTIONS = 100;

    /** What the JVM opens for itself meanwhile, such as a class file or a selector. */
    private static final long DESCRIPTORS_OF_OTHERS_MAX = 50;

    @Test
    void thousands_of_connections_come_and_go(@TempDir Path folder) throws Exception {
        WireWatch watch = new WireWatch();
        try (EchoServer server = EchoServer.echo();
                FaultProxy faults = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            FaultControl control = FaultControl.embedded(faults, List.of(), System::nanoTime);
            ProxyState app = control.proxies().create("app", "127.0.0.1:0", server.address());
            faults.intercept("app", watch);
            round(app, control);
            awaitNobody(faults, watch);
            long descriptors = descriptors();
            for (int round = 0; round < ROUNDS; round++) {
                round(app, control);
            }
            awaitNobody(faults, watch);
            assertThat(faults.effects("app").orElseThrow().connectionsAccepted())
                    .isGreaterThanOrEqualTo((long) ROUNDS * CONNECTIONS);
            Waiting.until(() -> threads(folder) == 0);
            Waiting.until(() -> descriptors() <= descriptors + DESCRIPTORS_OF_OTHERS_MAX);
        }
    }

    /** Some end by themselves, the others by a reset. */
    private static void round(ProxyState app, FaultControl control) throws Exception {
        List<Peer> peers = new ArrayList<>();
        try {
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                Peer peer = new Peer(app.listenAddress().getPort());
                peers.add(peer);
                assertThat(peer.echo("hello there")).isEqualTo("hello there");
                if (connection % 2 == 0) {
                    peer.close();
                }
            }
            try (Healing healing = control.inject(new Fault.Reset("app"))) {
                Waiting.until(() -> healing.bite().isPresent());
            }
        } finally {
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    private static void awaitNobody(FaultProxy faults, WireWatch watch) {
        Waiting.until(() -> faults.effects("app").orElseThrow().connectionsOpen() == 0);
        Waiting.until(() -> watch.openConnections() == 0);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Threads of connections, which are virtual and so in no list but this. */
    private static long threads(Path folder) throws IOException {
        Path dump = folder.resolve("threads-" + System.nanoTime() + ".txt");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains("stream pump\"")
                            || line.contains("stream deliverer\"")
                            || line.contains("app connection "))
                    .count();
        }
    }
}
