package org.pgrehearse.scenarios;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.pgrehearse.reports.journal.Side;

/** What the servers' own logs say that explains a failure better than the connection that broke. */
final class ServerLogs {
    private static final String DISK_FULL = "No space left on device";

    private ServerLogs() {}

    /** A sentence about a full disk; empty when the server never complained of one. */
    static Optional<String> diskFull(Side side, Path log) {
        return firstLine(log, DISK_FULL)
                .map(line -> "The disk of the "
                        + side.name().toLowerCase(Locale.ROOT) + " server is full: \"" + line
                        + "\". Free some space, or set XDG_CACHE_HOME to a larger place, and run again.");
    }

    /** Logs may hold any bytes; the sought text is ASCII, and so found in any encoding. */
    private static Optional<String> firstLine(Path log, String text) {
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            return lines.lines().filter(line -> line.contains(text)).findFirst();
        } catch (IOException unreadable) {
            return Optional.empty(); // a log that cannot be read explains nothing
        }
    }
}
