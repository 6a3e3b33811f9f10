package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.environment.Processes.Signal;

/** Runs that end as no run should, each in a JVM of its own. */
final class KilledRunIT {
    @TempDir
    private Path folder;

    private final List<String> progress = new ArrayList<>();
    private Cache cache;
    private HelperJvm helper;
    private long source;
    private long target;
    private Path data;

    @BeforeEach
    void start_a_run() throws IOException {
        // Installations are shared with the other tests; only the clusters are this test's own.
        cache = new Cache(folder.resolve("pgrehearse"));
        Files.createDirectories(cache.root());
        Files.createSymbolicLink(
                cache.root().resolve("postgres"), Machine.detect().cache().installations());
        helper = HelperJvm.start(
                List.of(),
                System.getProperty("java.class.path"),
                Map.of("XDG_CACHE_HOME", folder.toString()),
                HelperRun.class,
                List.of(
                        TestEnvironments.jarFolders().getFirst().toString(),
                        folder.resolve("logs").toString()));
        String[] words = helper.line().split(" ", -1);
        source = Long.parseLong(words[0]);
        target = Long.parseLong(words[1]);
        data = Path.of(words[2]);
        assertThat(Processes.alive(source)).isTrue();
        assertThat(Processes.alive(target)).isTrue();
        assertThat(mounts().contains(data.toString())).isEqualTo("root".equals(System.getProperty("user.name")));
    }

    @AfterEach
    void end_it_in_any_case() throws IOException, InterruptedException {
        helper.close();
        helper.process().waitFor(); // an owner that is only about to end is alive
        StaleRuns.clean(cache, line -> {});
        Files.delete(cache.root().resolve("postgres"));
    }

    @Test
    void a_living_run_of_another_process_is_not_touched() {
        assertThat(StaleRuns.clean(cache, progress::add)).isZero();
        assertThat(Processes.alive(source)).isTrue();
        assertThat(Processes.alive(target)).isTrue();
        assertThat(data).exists();
    }

    @Test
    void the_next_start_ends_the_servers_of_a_killed_run() throws InterruptedException {
        List<Long> children = Processes.children(source);
        helper.process().destroyForcibly().waitFor();
        assertThat(Processes.alive(source)).isTrue();
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertThat(progress).containsExactly("removing what a dead run left in " + data.getParent());
        assertGone(children);
    }

    @Test
    void even_a_frozen_server_of_a_killed_run_is_ended() throws InterruptedException {
        List<Long> children = new ArrayList<>(Processes.children(source));
        Processes.signal(Signal.STOP, List.of(source));
        Processes.signal(Signal.STOP, children);
        helper.process().destroyForcibly().waitFor();
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertGone(children);
    }

    @Test
    void frozen_orphans_of_a_killed_server_are_ended() throws InterruptedException {
        List<Long> children = new ArrayList<>(Processes.children(source));
        Processes.signal(Signal.STOP, children);
        Processes.signal(Signal.KILL, List.of(source));
        helper.process().destroyForcibly().waitFor();
        assertThat(children).anyMatch(Processes::alive);
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertGone(children);
    }

    @Test
    void an_interrupt_leaves_nothing() throws InterruptedException {
        endsItselfOn(Signal.INT, 130);
    }

    @Test
    void a_termination_leaves_nothing() throws InterruptedException {
        endsItselfOn(Signal.TERM, 143);
    }

    @Test
    void an_orderly_end_leaves_nothing() throws IOException, InterruptedException {
        List<Long> children = Processes.children(source);
        helper.process().getOutputStream().close();
        assertThat(helper.rest()).isEqualTo("closing -1\n");
        assertThat(helper.process().waitFor()).isZero();
        assertGone(children);
    }

    private void endsItselfOn(Signal signal, int exitCode) throws InterruptedException {
        List<Long> children = Processes.children(source);
        Processes.signal(signal, List.of(helper.process().pid()));
        assertThat(helper.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(helper.process().exitValue()).isEqualTo(exitCode);
        assertGone(children);
    }

    private void assertGone(List<Long> children) {
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !Processes.alive(source)
                        && !Processes.alive(target)
                        && children.stream().noneMatch(Processes::alive));
        assertThat(cache.clusters()).isEmptyDirectory();
        assertThat(mounts()).doesNotContain(folder.toString());
    }

    private static String mounts() {
        try {
            return Files.readString(Path.of("/proc/self/mounts"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
