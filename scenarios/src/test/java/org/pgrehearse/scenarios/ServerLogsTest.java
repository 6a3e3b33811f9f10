package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Side;

final class ServerLogsTest {
    @TempDir
    private Path folder;

    @Test
    void a_full_disk_is_said_so() throws IOException {
        Path log = Files.writeString(
                folder.resolve("source.log"),
                "LOG: fine\nPANIC: could not write to file: No space left on device\nLOG: later\n");
        assertThat(ServerLogs.diskFull(Side.SOURCE, log))
                .contains("The disk of the source server is full: \"PANIC: could not write to file: No space left on"
                        + " device\". Free some space, or set XDG_CACHE_HOME to a larger place, and run again.");
    }

    @Test
    void a_log_without_that_says_nothing() throws IOException {
        Path log = Files.writeString(folder.resolve("target.log"), "LOG: fine\n");
        assertThat(ServerLogs.diskFull(Side.TARGET, log)).isEmpty();
        assertThat(ServerLogs.diskFull(Side.TARGET, folder.resolve("absent.log")))
                .isEmpty();
    }
}
