package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.harm.CpuHarm;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.chaos.server.StopMode;

/** Servers and machines on which a fault of a server is refused, or put in place and never bites. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnfitServerIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BRIEFLY = Duration.ofMillis(300);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    UnfitServerIT(@TempDir Path folder) throws IOException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
    }

    @AfterEach
    void nothing_remains() throws CannotHeal {
        control.assertNoFaultRemains();
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void a_server_that_does_not_run_is_neither_stopped_nor_restarted() throws Exception {
        try (Healing stopped = control.inject(new ServerFault.Stop("target", StopMode.FAST))) {
            assertThat(evidence(stopped)).contains("ended by itself");
            assertThatThrownBy(() -> control.inject(new ServerFault.Restart("target", StopMode.FAST)))
                    .isInstanceOf(CannotInject.class)
                    .hasMessageContaining("it does not run. Start it first.");
        }
        assertThat(number("SELECT 1")).isEqualTo(1);
    }

    @Test
    void a_backend_that_is_no_process_of_the_server_here_is_not_killed() throws Exception {
        FaultControl elsewhere = FaultControl.embedded(proxy, List.of(new Elsewhere(server)), System::nanoTime);
        try (Connection bystander = server.connect()) {
            assertThatThrownBy(() -> elsewhere.inject(new ServerFault.KillBackend("elsewhere")))
                    .isInstanceOf(CannotInject.class)
                    .hasMessageContaining("is no process of the server here. Reach it directly.");
            assertThat(bystander.isValid(1)).isTrue();
        }
    }

    @Test
    void a_file_that_takes_no_byte_never_presses() throws Exception {
        Path file = server.data().orElseThrow().resolve("pgrehearse-pressure");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        try (Healing healing = control.inject(new ServerFault.IoPressure("target", 1 << 20))) {
            assertThat(healing.awaitBite(BRIEFLY)).isEmpty();
        }
        assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void processes_that_have_not_run_yet_do_not_press() throws IOException {
        CpuHarm harm = new CpuHarm(1);
        assertThat(harm.evidence()).isEmpty();
        harm.heal();
    }

    @Test
    void a_disk_that_may_be_the_machines_own_is_refused() {
        assertThatThrownBy(() -> control.inject(new ServerFault.FullDisk("target", "")))
                .isInstanceOf(CannotInject.class)
                .hasMessageContaining("may be the machine's own. Put it on one of at most 4096 MiB.");
        assertThatThrownBy(() -> control.inject(new ServerFault.FullDisk("target", "nowhere")))
                .hasMessageContaining("there is no tablespace \"nowhere\" with a folder");
    }

    @Test
    void a_server_that_is_only_asked_keeps_its_processes_and_its_disk() throws Exception {
        ServerControl foreign = ServerControl.reachedBy("foreign", server::connect);
        FaultControl asking = FaultControl.embedded(proxy, List.of(foreign), System::nanoTime);
        for (ServerFault fault : List.of(
                new ServerFault.Stop("foreign", StopMode.FAST),
                new ServerFault.KillBackend("foreign"),
                new ServerFault.CpuPressure("foreign", 1))) {
            assertThatThrownBy(() -> asking.inject(fault))
                    .hasMessageEndingWith("at foreign: its processes are not ours. Choose a server that the"
                            + " environment started.");
        }
        assertThatThrownBy(() -> asking.inject(new ServerFault.IoPressure("foreign", 1)))
                .hasMessageContaining("its data folder is not ours");
        assertThatThrownBy(() -> asking.inject(new ServerFault.LongTransaction("unknown")))
                .hasMessageContaining("nobody knows this server");
        try (Healing healing = asking.inject(new ServerFault.LongTransaction("foreign"))) {
            execute("CREATE TABLE passing_by (id int)");
            assertThat(evidence(healing)).contains("holds xmin");
        }
    }

    /** A server whose sessions are another one's: its processes are this test's own. */
    private record Elsewhere(TestServer reached) implements ProcessControl {
        @Override
        public String name() {
            return "elsewhere";
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public void restart() {
            throw new IllegalStateException("nobody stopped it");
        }

        @Override
        public Optional<SqlAccess> sql() {
            return reached.sql();
        }
    }

    private static String evidence(Healing healing) throws InterruptedException {
        return healing.awaitBite(SOON).orElseThrow().evidence();
    }

    private long number(String query) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
