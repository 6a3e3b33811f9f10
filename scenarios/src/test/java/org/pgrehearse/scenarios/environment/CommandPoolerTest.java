package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;

/** Poolers that are hardly any: their commands note what they were told, and the test answers in their place. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells the variables of a process")
final class CommandPoolerTest {
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final int QUESTION_BYTES = 8;
    private static final String STAYS = "echo $POOLER_PORT >port.new; mv port.new port; exec tail -f /dev/null";
    private static final Map<Side, PgBouncer.Address> SIDES = Map.of(
            Side.SOURCE, new PgBouncer.Address("127.0.0.1", 1001),
            Side.TARGET, new PgBouncer.Address("127.0.0.1", 1002));

    @TempDir
    private Path folder;

    @Test
    void a_command_that_ends_is_told_with_what_it_said() {
        PoolerPlan plan = new PoolerPlan("echo cannot bind >&2; exit 7", "", "", "");
        assertThatThrownBy(() -> CommandPooler.start(plan, folder, SIDES, "app"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot start the pooler: its command ended with exit code 7.")
                .hasMessageContaining("cannot bind");
    }

    @Test
    void commands_find_where_to_lead_and_a_failed_one_says_why() throws IOException, SQLException {
        try (CommandPooler pooler = started("", "echo $LEAD_PORT $SOURCE_PORT $DATABASE >led", "")) {
            pooler.lead(Side.TARGET);
            assertThat(folder.resolve("led")).hasContent("1002 1001 app");
            pooler.lead(Side.SOURCE);
            assertThat(folder.resolve("led")).hasContent("1001 1001 app");
            assertThatThrownBy(() -> pooler.pause(MAX))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("Cannot pause the pooler: the scenario gives no command for it. Write environment:"
                            + " {pooler: {pause: …}}, or leave the step out.");
        }
    }

    @Test
    void a_pause_that_fails_is_taken_back() throws IOException {
        try (CommandPooler pooler = started("echo busy; exit 3", "", "echo again >resumed")) {
            assertThatThrownBy(() -> pooler.pause(MAX))
                    .hasMessageStartingWith("Cannot pause the pooler: its command ended with exit code 3.")
                    .hasMessageContaining("busy");
            assertThat(folder.resolve("resumed")).hasContent("again");
        }
    }

    @Test
    void a_command_that_does_not_end_is_ended() throws IOException {
        try (CommandPooler pooler = started("exec tail -f /dev/null", "", "")) {
            assertThatThrownBy(() -> pooler.pause(Duration.ofMillis(200)))
                    .hasMessageStartingWith("Cannot pause the pooler: its command still ran after 200 ms.");
        }
    }

    @Test
    void what_a_command_left_in_the_background_ends_with_the_run() throws IOException, SQLException {
        long left;
        try (CommandPooler pooler = started("", "tail -f /dev/null >/dev/null 2>&1 & echo $! >left", "")) {
            pooler.lead(Side.TARGET);
            left = Long.parseLong(Files.readString(folder.resolve("left")).strip());
            assertThat(Processes.alive(left)).isTrue();
            assertThat(CommandPooler.endOrphans()).as("its run lives").doesNotContain(left);
            assertThat(Processes.alive(left)).isTrue();
        }
        await().atMost(MAX).until(() -> !Processes.alive(left));
    }

    @Test
    void the_pooler_of_a_run_that_is_gone_is_ended_by_the_next() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        ProcessBuilder builder = new ProcessBuilder(List.of("tail", "-f", "/dev/null"));
        builder.environment().put("PGREHEARSE_POOLER_OF", gone.pid() + "/" + Instant.now() + "/20000");
        Process orphan = builder.start();
        try {
            await().atMost(MAX).until(() -> CommandPooler.endOrphans().contains(orphan.pid()));
            assertThat(orphan.waitFor(MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            orphan.destroyForcibly();
        }
    }

    /** Answers once on the port that the command was told, as a server behind a pooler would. */
    private CommandPooler started(String pause, String repoint, String resume) throws IOException {
        Thread answer = Thread.ofVirtual().start(this::answer);
        CommandPooler pooler = CommandPooler.start(new PoolerPlan(STAYS, pause, repoint, resume), folder, SIDES, "app");
        answer.interrupt();
        return pooler;
    }

    private void answer() {
        await().dontCatchUncaughtExceptions().atMost(MAX).until(() -> Files.exists(folder.resolve("port")));
        try (ServerSocket server = new ServerSocket(
                        Integer.parseInt(
                                Files.readString(folder.resolve("port")).strip()),
                        1,
                        InetAddress.getLoopbackAddress());
                Socket client = server.accept()) {
            // A socket closed over an unread question would take the answer back.
            client.getInputStream().readNBytes(QUESTION_BYTES);
            client.getOutputStream().write('N');
            client.getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
