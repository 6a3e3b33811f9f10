package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers under every kind of account. Where these tests are not root, the ordinary user is who runs them. */
final class ServerAccountIT {
    private static final boolean IS_ROOT = Accounts.user(List.of()) == 0;
    private static final ServerAccount.OtherUser NOBODY =
            new ServerAccount.OtherUser("nobody", Accounts.group("nobody"));

    @TempDir
    private Path folder;

    @Test
    void an_ordinary_user_runs_servers_as_itself() throws IOException, InterruptedException {
        Path home = Files.createDirectory(open(folder).resolve("home"));
        ordinary().give(home);
        String classPath = IS_ROOT ? copiedClassPath() : System.getProperty("java.class.path");
        Path jars = copied(TestEnvironments.jarFolders().getFirst(), folder.resolve("jars"));
        try (HelperJvm helper = HelperJvm.start(
                ordinary().prefix(),
                classPath,
                Map.of("HOME", home.toString(), "XDG_CACHE_HOME", ""),
                HelperRun.class,
                List.of(jars.toString(), home.resolve("logs").toString()))) {
            String[] words = helper.line().split(" ", -1);
            assertThat(words).as(String.join(" ", words)).hasSize(4);
            assertThat(words[2]).startsWith(home + "/.cache/pgrehearse/clusters/run-");
            long postmaster = Long.parseLong(words[0]);
            assertThat(Files.getOwner(Path.of(words[2]))).isEqualTo(Files.getOwner(home));
            helper.process().getOutputStream().close();
            assertThat(helper.process().waitFor()).isZero();
            assertThat(Processes.alive(postmaster)).isFalse();
            assertThat(home.resolve(".cache/pgrehearse/clusters")).isEmptyDirectory();
        }
    }

    @Test
    void root_without_user_namespaces_runs_servers_as_another_user() throws IOException, SQLException {
        assumeThat(IS_ROOT).as("only root can become another user").isTrue();
        Machine machine = new Machine(NOBODY, new Cache(open(folder).resolve("cache")));
        try (EmbeddedEnvironment environment = EmbeddedEnvironment.start(
                EmbeddedPlan.of(15, 17).withFsync(false),
                folder.resolve("logs"),
                machine,
                TestEnvironments.binaries(machine.cache()),
                line -> {})) {
            assertThat(Files.getOwner(environment.source().data()).getName()).isEqualTo("nobody");
            assertThat(Files.getOwner(Path.of("/proc/" + environment.source().pid()))
                            .getName())
                    .isEqualTo("nobody");
            environment.source().kill();
            environment.source().start();
            environment.target().pause();
            environment.target().resume();
            environment.target().restart(StopMode.FAST);
            assertThat(TestEnvironments.query(environment.target(), "SELECT 1")).isEqualTo("1");
        }
        assertThat(machine.cache().clusters()).isEmptyDirectory();
    }

    @Test
    void another_user_who_cannot_reach_the_programs_is_said_before_anything_starts() throws IOException {
        assumeThat(IS_ROOT).as("only root can become another user").isTrue();
        // The folder of the test itself is closed to others, as root's home is.
        Machine machine = new Machine(NOBODY, new Cache(folder.resolve("cache")));
        assertThatThrownBy(() -> EmbeddedEnvironment.start(
                        EmbeddedPlan.of(15, 17),
                        folder.resolve("logs"),
                        machine,
                        TestEnvironments.binaries(machine.cache()),
                        line -> {}))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot run " + machine.cache().root() + "/postgres/15.14.0-")
                .hasMessageEndingWith(" as user nobody, which root needs for PostgreSQL: that user may not enter its"
                        + " folder. Set XDG_CACHE_HOME to a folder that everybody may enter, or run as an ordinary"
                        + " user.");
        assertThat(machine.cache().clusters()).isEmptyDirectory();
    }

    private static ServerAccount ordinary() {
        return IS_ROOT ? NOBODY : new ServerAccount.Myself();
    }

    private static Path open(Path folder) throws IOException {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The class path at a place that everybody may read. */
    private String copiedClassPath() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.exists(Path.of(entry))) {
                copies.add(copied(Path.of(entry), folder.resolve("classes-" + copies.size()))
                        .toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static Path copied(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                Files.copy(path, copy);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return to;
    }
}
