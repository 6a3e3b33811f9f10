package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.FaultProxy;

/** What faults leave when their process is killed, and how the next one removes it. */
final class LeftoversIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;

    LeftoversIT(@TempDir Path folder) throws IOException, SQLException {
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
        execute("CREATE TABLE item (id int)");
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void a_lock_ends_with_its_process_and_the_rest_is_removed_at_the_next_start() throws Exception {
        killAfter("everything");
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .untilAsserted(() -> execute("SET lock_timeout = '100ms'; SELECT count(*) FROM item"));
        assertThat(control.remainingFaults())
                .hasSize(2)
                .anyMatch(trace -> trace.startsWith("prepared transaction pgrehearse_"))
                .anyMatch(trace -> trace.endsWith("/pgrehearse-pressure"));

        assertThat(control.removeLeftovers())
                .hasSizeGreaterThanOrEqualTo(4)
                .anyMatch(trace -> trace.startsWith("prepared transaction pgrehearse_"))
                .anyMatch(trace -> trace.endsWith("/pgrehearse-pressure"))
                .anyMatch(trace -> trace.endsWith("that pressed on the processors"));
        control.assertNoFaultRemains();
        assertThat(control.removeLeftovers()).isEmpty();
    }

    @Test
    void a_server_that_was_left_standing_still_goes_on() throws Exception {
        killAfter("pause");
        assertThat(control.remainingFaults()).containsExactly("stopped server target");
        assertThat(control.removeLeftovers())
                .hasSize(1)
                .first()
                .asString()
                .endsWith("stopped processes of server target");
        execute("SELECT 1");
        control.assertNoFaultRemains();
    }

    private void killAfter(String faults) throws IOException, InterruptedException {
        Process helper = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HelperFaults.class.getName(),
                        server.data().orElseThrow().toString(),
                        Integer.toString(server.port()),
                        faults)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(helper.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            StringBuilder said = new StringBuilder();
            while (line != null && !line.equals("all")) {
                said.append(line).append('\n');
                line = output.readLine();
            }
            assertThat(line).as(said.toString()).isEqualTo("all");
        } finally {
            helper.destroyForcibly().waitFor();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
