package org.pgrehearse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The scenario of somebody who names SQL in place of a scenario: a file, or a folder of files, run under load by the
 * tool that the folder is written for.
 */
final class ScriptScenario {
    private ScriptScenario() {}

    /** Whether a path is meant as SQL: a {@code .sql} file, or a folder. */
    static boolean isMeant(Path path) {
        return Files.isDirectory(path) || path.toString().endsWith(".sql");
    }

    /**
     * The scenario as YAML; relative names in it lead from the folder that holds the file or folder.
     *
     * @throws UsageException when a folder could be meant for several tools
     */
    static String yaml(Path path) throws IOException {
        Path given = path.toAbsolutePath().normalize();
        String name = String.valueOf(given.getFileName());
        FolderKind kind = Files.isDirectory(given) ? FolderKind.of(given) : new FolderKind.Scripts();
        return """
            name: %s
            description: SQL of your own on a shop of 20000 orders, under load
            environment: {kind: embedded, source: 15, target: none}
            dataset: {name: shop, orders: 20000}
            load: {rate: 200/s}
            migration: none
            runbook:
              - phase: change
                steps:
                  - %s
            expect:
              - lost-writes = 0
              - failed-operations = 0
              - write-downtime < 1s
              - longest-lock-wait < 1s
            """.formatted(
                        "sql-" + name.replaceAll("\\.sql$", "").replaceAll("[^A-Za-z0-9_-]", "-"), kind.step(name));
    }
}
