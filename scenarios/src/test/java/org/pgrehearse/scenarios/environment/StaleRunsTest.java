package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;

/** Whose folders may go; the servers in them are the matter of KilledRunIT. */
final class StaleRunsTest {
    @TempDir
    private Path folder;

    private final List<String> progress = new ArrayList<>();
    private Cache cache;

    @BeforeEach
    void make_cache() {
        cache = new Cache(folder.resolve("cache"));
    }

    @Test
    void what_a_dead_owner_left_goes() throws IOException, InterruptedException {
        Path run = run("run-1", dead());
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertThat(run).doesNotExist();
        assertThat(progress).containsExactly("removing what a dead run left in " + run);
    }

    @Test
    void a_run_of_this_very_process_is_not_touched() throws IOException {
        try (RunFolder run = RunFolder.create(cache)) {
            Path data = run.data(Side.SOURCE, new ServerAccount.Myself(), 0);
            run.note(Side.SOURCE, 4711);
            assertThat(StaleRuns.clean(cache, progress::add)).isZero();
            assertThat(data).exists();
            assertThat(run.path().resolve("owner")).content().endsWith("SOURCE=4711\n");
        }
        assertThat(cache.clusters()).isEmptyDirectory();
        assertThat(progress).isEmpty();
    }

    @Test
    void a_later_process_with_the_same_id_is_not_the_owner() throws IOException {
        Owner self = Owner.current();
        Path run = run("run-1", new Owner(self.pid(), self.started().minus(Duration.ofMinutes(1))));
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertThat(run).doesNotExist();
    }

    @Test
    void an_owner_whose_start_is_read_a_little_differently_is_still_the_owner() throws IOException {
        Owner self = Owner.current();
        run("run-1", new Owner(self.pid(), self.started().plusSeconds(2)));
        assertThat(StaleRuns.clean(cache, progress::add)).isZero();
    }

    @Test
    void a_locked_run_is_not_touched_though_its_owner_cannot_be_seen() throws IOException, InterruptedException {
        Path run = run("run-1", dead());
        // Held by another process, as it is when that lives in another container.
        try (HelperJvm holder =
                HelperJvm.start(LockHolder.class, List.of(run.resolve("lock").toString()))) {
            assertThat(holder.line()).isEqualTo("locked");
            assertThat(StaleRuns.clean(cache, progress::add)).isZero();
            assertThat(run).exists();
            holder.process().destroyForcibly().waitFor();
        }
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertThat(run).doesNotExist();
    }

    @Test
    void a_folder_that_is_being_made_is_not_touched_and_other_files_neither() throws IOException, InterruptedException {
        Path beingMade = run(".new-1", dead());
        Path other = Files.createDirectory(cache.clusters().resolve("notes"));
        assertThat(StaleRuns.clean(cache, progress::add)).isZero();
        assertThat(beingMade).exists();
        assertThat(other).exists();
    }

    @Test
    void a_process_that_merely_has_the_id_of_a_dead_server_lives_on() throws IOException, InterruptedException {
        Path run = run("run-1", dead());
        Path data = Files.createDirectory(run.resolve("source"));
        Process innocent = new ProcessBuilder("tail", "-f", "/dev/null").start();
        try {
            Files.writeString(data.resolve("postmaster.pid"), innocent.pid() + "\n" + data + "\n");
            assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
            assertThat(innocent.isAlive()).isTrue();
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void a_damaged_pid_file_is_no_obstacle() throws IOException, InterruptedException {
        Path run = run("run-1", dead());
        Files.writeString(Files.createDirectory(run.resolve("source")).resolve("postmaster.pid"), "");
        Files.writeString(Files.createDirectory(run.resolve("target")).resolve("postmaster.pid"), "x\n");
        assertThat(StaleRuns.clean(cache, progress::add)).isEqualTo(1);
        assertThat(run).doesNotExist();
    }

    private Path run(String name, Owner owner) throws IOException {
        Path run = Files.createDirectory(cache.clusters().resolve(name));
        owner.write(run);
        return run;
    }

    private static Owner dead() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        return new Owner(ended.pid(), Instant.now());
    }

    /** A process that locks a file, says so, and waits to be killed. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(
                            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                System.out.println(lock.isValid() ? "locked" : "not locked");
                int end = System.in.read();
                System.out.println(end);
            }
        }
    }
}
