package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines played by folders with small scripts. */
final class LocalInstallationsTest {
    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void resolve_links() throws IOException {
        root = folder.toRealPath();
    }

    @Test
    void packages_and_the_path_are_found_in_this_order_and_once() throws IOException {
        Path debian = install("usr/lib/postgresql/15/bin", "15.20 (Debian 15.20-1.pgdg120+1)");
        Path redHat = install("usr/pgsql-16/bin", "16.10");
        Path homebrew = install("opt/homebrew/opt/postgresql@17/bin", "17.10 (Homebrew)");
        Path built = install("home/me/bin", "18beta1");
        Path links = Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(links.resolve("postgres"), debian.resolve("postgres"));
        LocalInstallations local = detect(links + ":" + built + "::relative");
        assertThat(local.all())
                .containsExactly(
                        new Installation(15, "15.20", debian),
                        new Installation(16, "16.10", redHat),
                        new Installation(17, "17.10", homebrew),
                        new Installation(18, "18beta1", built));
        assertThat(local.installation(17).program("initdb")).isExecutable();
    }

    @Test
    void what_cannot_make_and_run_a_cluster_is_no_installation() throws IOException {
        Files.delete(install("usr/lib/postgresql/15/bin", "15.20").resolve("initdb"));
        program(
                Files.createDirectories(root.resolve("usr/lib/postgresql/16/bin"))
                        .resolve("initdb"),
                "true");
        program(install("usr/lib/postgresql/17/bin", "17.10").resolve("postgres"), "echo no version; exit 1");
        assertThat(detect("").all()).isEmpty();
        assertThatThrownBy(() -> detect("").installation(15))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find PostgreSQL 15 on this machine: none is installed. Install its server"
                        + " (Debian and Ubuntu: apt-get install postgresql-15), or use the embedded environment,"
                        + " which brings its own.");
    }

    @Test
    void a_major_that_is_missing_is_said_with_what_is_there() throws IOException {
        Path programs = install("usr/lib/postgresql/15/bin", "15.20");
        assertThatThrownBy(() -> detect("").installation(17))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find PostgreSQL 17 on this machine: there is 15.20 in " + programs + ". Install its"
                        + " server (Debian and Ubuntu: apt-get install postgresql-17), or use the embedded"
                        + " environment, which brings its own.");
    }

    private LocalInstallations detect(String path) {
        return LocalInstallations.detect(Map.of("PATH", path), root);
    }

    private Path install(String programs, String version) throws IOException {
        Path created = Files.createDirectories(root.resolve(programs));
        program(created.resolve("initdb"), "true");
        program(created.resolve("postgres"), "echo 'postgres (PostgreSQL) " + version + "'");
        return created;
    }

    private static void program(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
