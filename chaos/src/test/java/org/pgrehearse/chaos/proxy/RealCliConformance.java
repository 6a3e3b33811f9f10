package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real toxiproxy-cli, from the system property {@code toxiproxy.cli}, commands the embedded fault proxy. */
final class RealCliConformance {
    private static final String CLI = System.getProperty("toxiproxy.cli", "toxiproxy-cli");
    private static final long SECONDS_MAX = 30;

    private final EchoServer server = EchoServer.echo();
    private final ToxiproxyServer faults = ToxiproxyServer.embedded();

    RealCliConformance() throws IOException {}

    @AfterEach
    void close() throws IOException {
        faults.close();
        server.close();
    }

    @Test
    void every_command_is_understood_and_answered() throws Exception {
        assertThat(cli("create", "-l", "127.0.0.1:0", "-u", server.address(), "pg"))
                .isEqualTo("0 Created new proxy pg");
        assertThat(cli("list")).matches("0 pg\t127\\.0\\.0\\.1:\\d+\t" + server.address() + "\tenabled\t0");
        assertThat(cli("toxic", "add", "-n", "lat", "-t", "latency", "-a", "latency=100", "-a", "jitter=5", "pg"))
                .isEqualTo("0 Added downstream latency toxic 'lat' on proxy 'pg'");
        assertThat(cli("toxic", "update", "-n", "lat", "-a", "latency=200", "pg"))
                .isEqualTo("0 Updated toxic 'lat' on proxy 'pg'");
        assertThat(cli("inspect", "pg"))
                .contains("lat\ttype=latency\tstream=downstream\ttoxicity=1.00")
                .contains("latency=200")
                .contains("jitter=5");
        assertThat(cli("toggle", "pg")).isEqualTo("0 Proxy pg is now disabled");
        assertThat(cli("list")).contains("disabled");
        assertThat(cli("toggle", "pg")).isEqualTo("0 Proxy pg is now enabled");
        assertThat(cli("toxic", "remove", "-n", "lat", "pg")).isEqualTo("0 Removed toxic 'lat' on proxy 'pg'");
        assertThat(cli("inspect", "pg")).doesNotContain("lat");
        assertThat(cli("delete", "pg")).isEqualTo("0 Deleted proxy pg");
        assertThat(cli("list")).doesNotContain("pg");
    }

    @Test
    void its_mistakes_are_told_in_toxiproxys_words() throws Exception {
        assertThat(cli("toggle", "nowhere")).startsWith("1 ").contains("HTTP 404: proxy not found");
        assertThat(cli("create", "-l", "127.0.0.1:0", "-u", server.address(), "pg"))
                .startsWith("0 ");
        assertThat(cli("toxic", "add", "-t", "nonsense", "pg"))
                .startsWith("1 ")
                .contains("HTTP 400: invalid toxic type");
    }

    /** The exit code, and what was printed. */
    private String cli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(CLI, "-h", "http://127.0.0.1:" + faults.api().getPort()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + printed.strip();
    }
}
