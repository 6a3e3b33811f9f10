package org.pgrehearse.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The repository's files, as the style tests read them. */
final class Sources {
    private static final List<String> MODULES =
            List.of("verifier", "chaos", "reports", "scenarios", "cli", "bench", "tidy");

    private Sources() {}

    static Path root() {
        return Path.of(Objects.requireNonNull(System.getProperty("repository.root"), "run through Maven"));
    }

    static List<Path> java() {
        return MODULES.stream()
                .map(module -> root().resolve(module).resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(Sources::javaBelow)
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
