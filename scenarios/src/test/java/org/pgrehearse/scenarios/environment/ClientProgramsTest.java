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
final class ClientProgramsTest {
    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void resolve_links() throws IOException {
        root = folder.toRealPath();
    }

    @Test
    void the_oldest_program_that_is_new_enough_is_taken_without_a_server_beside_it() throws IOException {
        program("usr/lib/postgresql/13/bin", "pg_dump", "13.20");
        Path fitting = program("usr/lib/postgresql/15/bin", "pg_dump", "15.18 (Debian 15.18-0+deb12u1)");
        program("usr/pgsql-17/bin", "pg_dump", "17.2");
        assertThat(detect("").program("pg_dump", 14)).isEqualTo(fitting);
        assertThat(detect("").program("pg_dump", 15)).isEqualTo(fitting);
    }

    @Test
    void programs_that_are_too_old_are_said_with_the_command_that_installs_a_newer_one() throws IOException {
        Path old = program("usr/lib/postgresql/15/bin", "pg_dump", "15.18");
        assertThatThrownBy(() -> detect("").program("pg_dump", 17))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find pg_dump 17 or newer, which a server of version 17 needs: 15.18 is in "
                        + old.getParent() + ". Install it (Debian and Ubuntu: apt-get install postgresql-client-17)"
                        + " and run again.");
        assertThatThrownBy(() -> detect("").program("pg_restore", 17))
                .hasMessageContaining("there is none on this machine");
    }

    @Test
    void other_programs_are_found_along_the_path_and_missed_with_their_package() throws IOException {
        Path tool = program("opt/tools", "copier", "irrelevant");
        assertThat(detect(String.valueOf(tool.getParent())).other("copier", "copier"))
                .isEqualTo(tool);
        assertThatThrownBy(() -> detect("").other("copier", "copier-package"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find copier on this machine. Install it (Debian and Ubuntu: apt-get install"
                        + " copier-package) and run again.");
    }

    private ClientPrograms detect(String path) {
        return ClientPrograms.detect(Map.of("PATH", path), root);
    }

    private Path program(String programs, String name, String version) throws IOException {
        Path path = Files.createDirectories(root.resolve(programs)).resolve(name);
        Files.writeString(path, "#!/bin/sh\necho '" + name + " (PostgreSQL) " + version + "'\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return path;
    }
}
