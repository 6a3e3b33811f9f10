package org.pgrehearse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.capture.WorkloadFile;

final class CaptureCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void a_log_becomes_a_workload_and_what_is_left_out_is_named() throws IOException {
        Path log = Files.writeString(folder.resolve("server.log"), """
            2024-03-01 10:00:01.000 UTC [42] LOG:  statement: SELECT 1
            2024-03-01 10:00:02.000 UTC [42] LOG:  statement: ALTER ROLE a PASSWORD 'hunter2'
            2024-03-01 10:00:03.000 UTC [42] LOG:  checkpoint starting
            """);
        Path file = folder.resolve("day.jsonl.gz");

        assertThat(run("capture", "--from", log.toString(), "--out", file.toString()))
                .isZero();
        assertThat(out.toString()).contains("captured 1 statements of 1 sessions", "left out 1: secret");
        assertThat(err.toString()).contains("server.log:2").doesNotContain("hunter2");
        assertThat(WorkloadFile.read(file)).hasSize(1);
    }

    @Test
    void a_port_without_traffic_ends_after_its_time_with_a_whole_file_and_no_verdict() throws IOException {
        Path file = folder.resolve("none.jsonl.gz");

        assertThat(run(
                        "capture",
                        "--listen",
                        "127.0.0.1:0",
                        "--server",
                        "127.0.0.1:1",
                        "--for",
                        "200ms",
                        "--out",
                        file.toString()))
                .isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(out.toString()).containsPattern("capturing on 127\\.0\\.0\\.1:[1-9]\\d* for 127\\.0\\.0\\.1:1");
        assertThat(WorkloadFile.read(file)).isEmpty();
    }

    @Test
    void statistics_need_a_time_and_a_server() {
        String nowhere = "postgresql://nobody:hunter2@127.0.0.1:1/app";
        String mix = folder.resolve("mix").toString();

        assertThat(run("capture", "--statements", nowhere, "--out", mix)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--for says how long");
        assertThat(run("capture", "--statements", nowhere, "--listen", "127.0.0.1:0", "--out", mix))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--statements", nowhere, "--for", "1s", "--out", mix))
                .isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("hunter2");
        assertThat(folder.resolve("mix")).doesNotExist();
    }

    @Test
    void a_port_that_is_taken_and_a_file_that_cannot_be_written_are_told() throws IOException {
        assertThat(run(
                        "capture",
                        "--listen",
                        "127.0.0.1:0",
                        "--server",
                        "127.0.0.1:1",
                        "--for",
                        "1s",
                        "--out",
                        folder.resolve("no/such/folder").toString()))
                .isEqualTo(ExitCode.INCONCLUSIVE);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(
                            "capture",
                            "--listen",
                            "127.0.0.1:" + taken.getLocalPort(),
                            "--server",
                            "127.0.0.1:1",
                            "--out",
                            folder.resolve("x").toString()))
                    .isEqualTo(ExitCode.INCONCLUSIVE);
        }
        assertThat(err.toString()).contains("no/such/folder", "listen tcp 127.0.0.1:");
    }

    @Test
    void options_that_do_not_belong_together_are_refused() {
        String file = folder.resolve("x").toString();
        assertThat(run("capture", "--out", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--listen", "127.0.0.1:0", "--out", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--listen", "6432", "--server", "h:1", "--out", file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--listen", "h:70000", "--server", "h:1", "--out", file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--from", "a", "--listen", "h:1", "--server", "h:1", "--out", file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("capture", "--from", "a", "--server", "h:1", "--out", file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "give one of --from FILE, --listen and --server, or --statements and --for",
                        "--server says where connections go",
                        "Cannot use --listen 6432: write HOST:PORT",
                        "Cannot use --listen h:70000",
                        "they belong to --listen");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
