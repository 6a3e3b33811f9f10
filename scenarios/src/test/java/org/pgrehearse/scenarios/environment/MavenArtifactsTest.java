package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven's behavior, played by small scripts. */
final class MavenArtifactsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void the_jar_that_maven_copies_is_returned() throws IOException {
        String program = program("for a; do case $a in -DoutputDirectory=*) echo jar > ${a#*=}/a-1.jar;; esac; done");
        Path jar = new MavenArtifacts(program, LONG).fetch("g", "a", "1", folder);
        assertThat(jar).isEqualTo(folder.resolve("a-1.jar")).exists();
    }

    @Test
    void a_machine_without_maven_is_told_the_two_ways_out() {
        assertThatThrownBy(() -> new MavenArtifacts(folder + "/no-mvn", LONG).fetch("g", "a", "1", folder))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot resolve g:a:1: the program " + folder + "/no-mvn was not found. Install Maven, or"
                        + " put the jar into the folder that the system property pgrehearse.postgres.jars names.");
    }

    @Test
    void a_failure_is_told_with_the_tail_of_its_output() throws IOException {
        String program = program("seq 1 100; echo 'Could not find artifact' >&2; exit 1");
        assertThatThrownBy(() -> new MavenArtifacts(program, LONG).fetch("g", "a", "1", folder))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot resolve g:a:1: Maven ended with exit code 1."
                        + " Check the network and Maven's settings. Its last output:\n82\n83\n")
                .hasMessageEndingWith("\n100\nCould not find artifact");
    }

    @Test
    void success_without_a_jar_is_a_failure() throws IOException {
        String program = program("true");
        assertThatThrownBy(() -> new MavenArtifacts(program, LONG).fetch("g", "a", "1", folder))
                .hasMessageStartingWith("Cannot resolve g:a:1: Maven ended with exit code 0.");
    }

    @Test
    void maven_is_not_waited_for_without_end() throws IOException {
        String program = program("echo Downloading; exec tail -f /dev/null");
        assertThatThrownBy(() -> new MavenArtifacts(program, Duration.ofSeconds(1)).fetch("g", "a", "1", folder))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot finish " + program
                        + ": still running after 1 s. See its last output and run again:\nDownloading");
    }

    private String program(String script) throws IOException {
        Path program = folder.resolve("mvn");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program.toString();
    }
}
