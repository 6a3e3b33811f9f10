package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.Processes;

/** A real server on a file system in memory that gets full. Only root can mount one. */
@EnabledIf("isRoot")
final class FullDiskIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long MOUNT_SECONDS_MAX = 10;

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final Path disk;
    private final TestServer server;
    private final FaultControl control;

    FullDiskIT(@TempDir Path folder) throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=256m", "pgrehearse-test", disk.toString());
        server = new TestServer(disk.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @BeforeEach
    void create() throws SQLException {
        execute("CREATE TABLE item (filler text)");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        proxy.close();
        server.close();
        run("umount", disk.toString());
    }

    @Test
    void a_full_disk_stops_writes_and_healing_lets_the_server_write_again() throws Exception {
        try (Healing healing = control.inject(new ServerFault.FullDisk("target", ""))) {
            assertThat(healing.awaitBite(SOON).orElseThrow().evidence())
                    .startsWith("the server has no space for a table: ERROR: could not extend file");
            assertThat(Files.getFileStore(disk).getUsableSpace()).isLessThan(1 << 20);
            assertThat(control.remainingFaults()).containsExactly("file " + disk.resolve("data/pgrehearse-ballast"));
            assertThatThrownBy(this::write).isInstanceOf(SQLException.class);
        }
        write();
        control.assertNoFaultRemains();
    }

    @Test
    void a_server_that_died_of_a_full_disk_is_started_again() throws Exception {
        try (Healing healing = control.inject(new ServerFault.FullDisk("target", ""))) {
            assertThat(healing.awaitBite(SOON)).isPresent();
            new Processes(server.pid()).kill();
        }
        write();
        control.assertNoFaultRemains();
    }

    private void write() throws SQLException {
        execute("INSERT INTO item SELECT repeat(md5(i::text), 50) FROM generate_series(1, 5000) i");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(MOUNT_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
