package org.pgrehearse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of a stranger, and the tool that each is taken for. */
final class FolderKindTest {
    @TempDir
    private Path folder;

    @Test
    void a_folder_is_known_by_the_names_of_its_files() throws IOException {
        file("deep/V1.2_3__add.sql", "SELECT 1");
        assertThat(FolderKind.of(folder.resolve("deep"))).isEqualTo(new FolderKind.Flyway());
        assertThat(FolderKind.of(folder)).isEqualTo(new FolderKind.Flyway());

        file("go/000001_add.up.sql", "SELECT 1");
        file("go/000001_add.down.sql", "SELECT 1");
        assertThat(FolderKind.of(folder.resolve("go"))).isEqualTo(new FolderKind.GolangMigrate());

        file("plain/001_add.sql", "SELECT 1");
        assertThat(FolderKind.of(folder.resolve("plain"))).isEqualTo(new FolderKind.Scripts());
    }

    @Test
    void liquibase_begins_at_the_only_changelog_or_at_the_master() throws IOException {
        file("one/changes.sql", "-- liquibase formatted sql\n");
        assertThat(FolderKind.of(folder.resolve("one"))).isEqualTo(new FolderKind.Liquibase("changes.sql"));

        file("many/db.changelog-1.xml", "<x/>");
        file("many/db.changelog-master.xml", "<x/>");
        assertThat(FolderKind.of(folder.resolve("many")).step("it's"))
                .isEqualTo("liquibase: {on: source, changelog: 'it''s/db.changelog-master.xml'}");
    }

    @Test
    void a_folder_of_two_tools_is_an_error_that_says_what_to_write() throws IOException {
        file("V1__add.sql", "SELECT 1");
        file("000001_add.up.sql", "SELECT 1");

        assertThatThrownBy(() -> FolderKind.of(folder))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("V1__add.sql is Flyway's, 000001_add.up.sql is golang-migrate's")
                .hasMessageContaining("- flyway: {on: source, path: '" + folder.getFileName() + "'}");
    }

    @Test
    void changelogs_without_a_master_are_an_error_that_says_what_to_write() throws IOException {
        file("changelog-1.xml", "<x/>");
        file("changelog-2.xml", "<x/>");

        assertThatThrownBy(() -> FolderKind.of(folder))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("it holds changelog-1.xml, changelog-2.xml. Call one of them changelog-master");
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
