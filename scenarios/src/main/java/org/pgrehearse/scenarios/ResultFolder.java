package org.pgrehearse.scenarios;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that takes the results of one run.
 *
 * @param path where it is
 */
public record ResultFolder(Path path) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int SAME_SECOND_MAX = 100;

    /** A new folder {@code runs/<scenario>/<UTC time>}, with the link {@code runs/latest} pointing at it. */
    public static ResultFolder create(Path runs, String scenario, Instant now) throws IOException {
        Path parent = Files.createDirectories(runs.resolve(scenario));
        for (int i = 0; i < SAME_SECOND_MAX; i++) {
            Path folder = parent.resolve(STAMP.format(now) + (i == 0 ? "" : "-" + i));
            if (isNew(folder)) {
                link(runs.resolve("latest"), runs.relativize(folder));
                return new ResultFolder(folder);
            }
        }
        throw new IOException("more than " + SAME_SECOND_MAX + " runs in one second in " + parent);
    }

    /** The folder the user named, created if absent; empty when it holds something, which must not be lost. */
    public static Optional<ResultFolder> at(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isPresent() ? Optional.empty() : Optional.of(new ResultFolder(folder));
        }
    }

    /** The journal. */
    public Path journal() {
        return path.resolve("journal.jsonl.gz");
    }

    /** The resolved scenario. */
    public Path scenario() {
        return path.resolve("scenario.yaml");
    }

    /** Where the servers log. */
    public Path logs() {
        return path.resolve("logs");
    }

    private static boolean isNew(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException sameSecond) {
            return false;
        }
    }

    private static void link(Path link, Path target) throws IOException {
        Path fresh = link.resolveSibling("latest." + ProcessHandle.current().pid());
        Files.deleteIfExists(fresh);
        try {
            Files.createSymbolicLink(fresh, target);
        } catch (UnsupportedOperationException noLinksHere) {
            return;
        }
        Files.move(fresh, link, StandardCopyOption.REPLACE_EXISTING);
    }
}
