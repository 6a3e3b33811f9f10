package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveTest {
    @TempDir
    private Path folder;

    @Test
    void files_links_and_permissions_come_out_as_they_went_in() throws IOException {
        Archive.unpack(Jars.installation(folder.resolve("a.jar")), home());
        assertThat(home().resolve("bin/postgres")).hasContent("#!/bin/sh\n").isExecutable();
        assertThat(home().resolve("lib/libpq.so")).isSymbolicLink().hasContent("library");
        assertThat(Files.isExecutable(home().resolve("lib/libpq.so.5.1"))).isFalse();
    }

    @Test
    void nothing_is_written_outside_of_the_folder() throws IOException {
        Path file = Jars.jar(folder.resolve("a.jar"), tar -> Jars.file(tar, "../evil", "x", 0644));
        assertThatThrownBy(() -> Archive.unpack(file, home())).hasMessageContaining("outside of its folder");
        Path link = Jars.jar(folder.resolve("b.jar"), tar -> Jars.link(tar, "lib/x", "../../evil"));
        assertThatThrownBy(() -> Archive.unpack(link, home())).hasMessageContaining("outside of its folder");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void a_damaged_archive_is_noticed() throws IOException {
        Path jar = Jars.installation(folder.resolve("a.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Archive.unpack(jar, home())).isInstanceOf(IOException.class);
    }

    @Test
    void a_jar_of_something_else_is_noticed() throws IOException {
        Path jar = Jars.installation(folder.resolve("a.jar"));
        Path other = folder.resolve("other.jar");
        Files.write(other, replaced(Files.readAllBytes(jar)));
        assertThatThrownBy(() -> Archive.unpack(other, home())).hasMessage(other + " holds no .txz archive");
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    /** The same jar with another name for the archive in it. */
    private static byte[] replaced(byte[] jar) {
        byte[] copy = jar.clone();
        for (int i = 0; i + 3 < copy.length; i++) {
            if (copy[i] == '.' && copy[i + 1] == 't' && copy[i + 2] == 'x' && copy[i + 3] == 'z') {
                copy[i + 3] = 't';
            }
        }
        return copy;
    }
}
