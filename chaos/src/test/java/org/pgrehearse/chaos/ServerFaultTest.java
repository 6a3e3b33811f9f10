package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;

final class ServerFaultTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Sleeper sleeper = new Sleeper();
    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final FaultControl control = FaultControl.embedded(proxy, List.of(sleeper), System::nanoTime);

    ServerFaultTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        new Processes(sleeper.pid()).kill();
        proxy.close();
    }

    @Test
    void a_paused_server_stands_still_and_goes_on() throws Exception {
        try (Healing healing = control.inject(new Fault.Pause("target"))) {
            assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                    .endsWith("processes in state T, the first " + sleeper.pid());
            assertThat(control.remainingFaults()).containsExactly("stopped server target");
        }
        control.assertNoFaultRemains();
    }

    @Test
    void a_killed_server_is_gone_and_starts_again() throws Exception {
        long before = sleeper.pid();
        try (Healing healing = control.inject(new Fault.Kill("target"))) {
            assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                    .endsWith("processes gone, the first " + before);
            assertThat(control.remainingFaults()).containsExactly("dead server target");
        }
        assertThat(sleeper.pid()).isNotEqualTo(before);
        control.assertNoFaultRemains();
    }

    @Test
    void a_server_that_does_not_start_again_cannot_be_healed() throws Exception {
        sleeper.broken = true;
        Healing healing = control.inject(new Fault.Kill("target"));
        assertThatThrownBy(healing::close)
                .isInstanceOf(CannotHeal.class)
                .hasMessageMatching("Cannot heal kill at target: process \\d+ does not run. Read the server's log.");
        assertThat(healing.healed()).isEmpty();
    }

    /** A server without a network. */
    private static final class Sleeper implements ProcessControl {
        private Process process = start();
        private boolean broken;

        Sleeper() throws IOException {}

        @Override
        public String name() {
            return "target";
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void restart() throws IOException {
            if (!broken) {
                process = start();
            }
        }

        private static Process start() throws IOException {
            return new ProcessBuilder("sh", "-c", "sleep 60 & wait").start();
        }
    }
}
