package org.pgrehearse.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.EchoServer;
import org.pgrehearse.chaos.schedule.FaultRun;
import org.pgrehearse.chaos.schedule.PlannedFault;
import org.pgrehearse.chaos.schedule.When;
import org.pgrehearse.chaos.server.ProcessControl;

/** Tests for the extension to judge; only {@link FaultExtensionTest} runs them. */
final class Planted {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final EchoServer ECHO = echo();
    private static final Gone GONE = new Gone();

    @RegisterExtension
    static final FaultExtension FAULTS =
            FaultExtension.embedded().proxy("app", ECHO.address()).server(GONE).seed(77);

    @BeforeAll
    static void begin() throws IOException {
        GONE.start();
    }

    @AfterAll
    static void end() {
        GONE.end();
    }

    @Test
    void bites(Faults faults) throws Exception {
        try (Healing healing = faults.inject(new Fault.Refuse("app"))) {
            assertThat(healing.bite()).isPresent();
        }
        assertThat(FAULTS.faults()).isSameAs(faults);
        assertThat(faults.seed()).isEqualTo(77);
    }

    @Test
    void is_left_in_place(Faults faults) throws Exception {
        assertThat(faults.inject(new Fault.Refuse("app")).healed()).isEmpty();
    }

    @Test
    void meets_no_fault(Faults faults) throws IOException {
        InetSocketAddress address = faults.address("app");
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void is_planned(Faults faults) throws InterruptedException {
        FaultRun run = faults.start(PlannedFault.of("cut", new Fault.Refuse("app"))
                .when(When.atLeast("commits", 3))
                .until(When.happened("enough")));
        for (int i = 0; i < 3; i++) {
            faults.signals().count("commits");
        }
        long start = System.nanoTime();
        while (run.inPlace().isEmpty() && System.nanoTime() - start < SOON.toNanos()) {
            Thread.onSpinWait();
        }
        assertThat(run.inPlace()).containsExactly("cut");
        faults.signals().mark("enough");
        assertThat(run.inPlace()).isEmpty();
    }

    @Test
    void never_bites(Faults faults) throws CannotInject {
        assertThat(faults.inject(new Fault.Latency("app", Duration.ofMillis(5), Duration.ZERO, Direction.BOTH))
                        .bite())
                .isEmpty();
    }

    @Test
    void never_comes(Faults faults) {
        assertThat(faults.start(PlannedFault.of("late", new Fault.Refuse("app")).when(When.atLeast("commits", 5)))
                        .inPlace())
                .isEmpty();
    }

    @Test
    void never_bites_as_planned(Faults faults) {
        Fault idle = new Fault.Latency("app", Duration.ofMillis(5), Duration.ZERO, Direction.BOTH);
        assertThat(faults.start(PlannedFault.of("idle", idle)).inPlace()).containsExactly("idle");
    }

    @Test
    void never_heals(Faults faults) throws Exception {
        assertThat(faults.inject(new Fault.Kill("gone")).awaitBite(SOON)).isPresent();
    }

    @Test
    void fails_and_never_heals(Faults faults) throws Exception {
        assertThat(faults.inject(new Fault.Kill("gone")).awaitBite(SOON)).isPresent();
        throw new IllegalStateException("its own");
    }

    private static EchoServer echo() {
        try {
            return EchoServer.echo();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server that nobody can start again. */
    private static final class Gone implements ProcessControl {
        private Process process = ended();

        private static Process ended() {
            try {
                return new ProcessBuilder("true").start();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void start() throws IOException {
            process = new ProcessBuilder("sleep", "60").start();
        }

        void end() {
            process.destroyForcibly();
        }

        @Override
        public String name() {
            return "gone";
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void restart() {}
    }
}
