package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that merely look like daemons, in folders that merely look like those of runs. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "no other system tells where a process works")
final class DaemonsTest {
    private static final long END_SECONDS_MAX = 20;

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path run;
    private Path inside;

    @BeforeEach
    void make_folders() throws IOException {
        run = Files.createDirectory(folder.toRealPath().resolve("run"));
        inside = Files.createDirectory(run.resolve("files"));
    }

    @AfterEach
    void end_everything() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void a_daemon_is_ended_and_whoever_else_is_there_lives_on() throws IOException, InterruptedException {
        Process daemon = start(inside, "bucardo");
        Process shell = start(inside, "somebody's shell");
        Process elsewhere = start(folder, "bucardo");
        assertThat(Daemons.gone(inside)).isFalse();
        Daemons.endBelow(run);
        assertThat(daemon.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(Daemons.gone(inside)).isTrue();
        assertThat(shell.isAlive()).isTrue();
        assertThat(elsewhere.isAlive()).isTrue();
    }

    @Test
    void a_daemon_that_does_not_listen_is_killed() throws IOException, InterruptedException {
        Process deaf = new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; exec tail -f /dev/null bucardo")
                .directory(inside.toFile())
                .start();
        started.add(deaf);
        assertThat(deaf.inputReader().readLine()).isEqualTo("deaf");
        Daemons.end(inside);
        assertThat(deaf.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void daemons_of_a_dead_run_are_ended_by_the_next_one() throws IOException, InterruptedException {
        Cache cache = new Cache(folder.toRealPath().resolve("cache"));
        Path dead = Files.createDirectory(cache.clusters().resolve("run-1"));
        Process owner = new ProcessBuilder("true").start();
        owner.waitFor();
        new Owner(owner.pid(), Instant.now()).write(dead);
        Process daemon = start(Files.createDirectory(dead.resolve("files")), "bucardo");
        assertThat(StaleRuns.clean(cache, line -> {})).isEqualTo(1);
        assertThat(daemon.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(dead).doesNotExist();
    }

    @Test
    void a_folder_without_daemons_is_no_trouble() {
        assertThatCode(() -> Daemons.endBelow(run)).doesNotThrowAnyException();
    }

    private Process start(Path where, String word) throws IOException {
        Process process = new ProcessBuilder("tail", "-f", "/dev/null", word)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }
}
