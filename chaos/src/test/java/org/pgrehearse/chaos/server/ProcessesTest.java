package org.pgrehearse.chaos.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.Waiting;

final class ProcessesTest {
    private final Process shell = new ProcessBuilder("sh", "-c", "sleep 60 & sleep 60 & wait").start();
    private final Processes processes = new Processes(shell.pid());

    ProcessesTest() throws IOException {}

    @AfterEach
    void kill() throws IOException {
        processes.kill();
    }

    @Test
    void all_descendants_are_stopped_and_go_on() throws IOException {
        Waiting.until(() -> processes.all().size() == 3);
        assertThat(processes.all()).noneMatch(Processes::isStopped);

        List<Long> stopped = processes.stop();

        assertThat(stopped).hasSize(3).first().isEqualTo(shell.pid());
        Waiting.until(() -> stopped.stream().allMatch(Processes::isStopped));
        Processes.resume(stopped);
        Waiting.until(() -> stopped.stream().noneMatch(Processes::isStopped));
        assertThat(stopped).noneMatch(Processes::isGone);
    }

    @Test
    void all_descendants_are_killed() throws IOException {
        Waiting.until(() -> processes.all().size() == 3);

        List<Long> killed = processes.kill();

        assertThat(killed).hasSize(3);
        Waiting.until(() -> killed.stream().allMatch(Processes::isGone));
        assertThat(processes.all()).isEmpty();
    }

    @Test
    void a_process_that_never_was_is_gone_and_not_stopped() {
        assertThat(Processes.isGone(Integer.MAX_VALUE)).isTrue();
        assertThat(Processes.isStopped(Integer.MAX_VALUE)).isFalse();
    }
}
