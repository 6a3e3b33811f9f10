package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheTest {
    private static final ServerAccount MYSELF = new ServerAccount.Myself();
    private static final ServerAccount OTHER = new ServerAccount.OtherUser("nobody", 65534);

    @Test
    void the_configured_folder_comes_first() {
        assertThat(root(Map.of("XDG_CACHE_HOME", "/quick", "HOME", "/home/a"), "/home/b", MYSELF))
                .isEqualTo("/quick/pgrehearse");
        assertThat(root(Map.of("XDG_CACHE_HOME", "/quick"), "/root", OTHER)).isEqualTo("/quick/pgrehearse");
    }

    @Test
    void a_relative_or_empty_setting_counts_as_none_as_the_convention_demands() {
        assertThat(root(Map.of("XDG_CACHE_HOME", "quick", "HOME", "/home/a"), "/home/b", MYSELF))
                .isEqualTo("/home/a/.cache/pgrehearse");
        assertThat(root(Map.of("XDG_CACHE_HOME", ""), "/home/b", MYSELF)).isEqualTo("/home/b/.cache/pgrehearse");
    }

    @Test
    void root_in_a_namespace_uses_its_own_home() {
        assertThat(root(Map.of("HOME", "/home/root"), "/home/root", new ServerAccount.Namespace()))
                .isEqualTo("/home/root/.cache/pgrehearse");
    }

    @Test
    void servers_of_another_user_do_not_live_in_the_home_of_root() {
        assertThat(root(Map.of("HOME", "/root"), "/root", OTHER)).isEqualTo("/var/cache/pgrehearse");
    }

    @Test
    void a_user_without_a_home_is_told_what_to_set() {
        assertThatThrownBy(() -> root(Map.of(), "?", MYSELF))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find a place for the cache: this user has no home folder."
                        + " Set XDG_CACHE_HOME to one.");
    }

    @Test
    void a_cache_that_cannot_be_written_is_said_with_the_way_out(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(new Cache(file)::clusters)
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot write " + file + "/clusters in the cache: ")
                .hasMessageEndingWith(". Free some space, or set XDG_CACHE_HOME to a folder with at least 1 GB that you"
                        + " may write.")
                .hasCauseInstanceOf(IOException.class);
    }

    private static String root(Map<String, String> environment, String home, ServerAccount account) {
        return Cache.locate(environment, home, account).root().toString();
    }
}
