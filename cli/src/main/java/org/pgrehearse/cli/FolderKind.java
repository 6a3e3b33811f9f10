package org.pgrehearse.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tool that a folder of migrations is written for, told by the names of its files. */
sealed interface FolderKind {
    /** Files are looked at down to here; deeper ones are nobody's migrations. */
    int DEPTH_MAX = 5;

    /** More files are not looked at. */
    int FILES_MAX = 10_000;

    /** Plain scripts, for psql. */
    record Scripts() implements FolderKind {}

    /** Flyway's: {@code V1__name.sql}, {@code R__name.sql}. */
    record Flyway() implements FolderKind {}

    /** golang-migrate's: {@code 000001_name.up.sql}. */
    record GolangMigrate() implements FolderKind {}

    /** Liquibase's, with the changelog to begin at. */
    record Liquibase(String changelog) implements FolderKind {}

    /** The step of a runbook that runs a folder of that name. */
    default String step(String folder) {
        String quoted = folder.replace("'", "''");
        return switch (this) {
            case Scripts scripts -> "scripts: {on: source, path: '" + quoted + "'}";
            case Flyway flyway -> "flyway: {on: source, path: '" + quoted + "'}";
            case GolangMigrate golang -> "golang-migrate: {on: source, path: '" + quoted + "'}";
            case Liquibase liquibase ->
                "liquibase: {on: source, changelog: '" + quoted + "/"
                        + liquibase.changelog().replace("'", "''") + "'}";
        };
    }

    /**
     * Recognizes a folder.
     *
     * @throws UsageException when its files are of several tools, or of Liquibase without one to begin at
     */
    static FolderKind of(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder, DEPTH_MAX)) {
            files = walk.filter(Files::isRegularFile)
                    .limit(FILES_MAX)
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        }
        Optional<Path> flyway = first(files, "[VU]\\d[^_]*(_[^_]+)*__.+\\.sql|R__.+\\.sql");
        Optional<Path> golang = first(files, "\\d+_.+\\.up\\.sql");
        List<Path> changelogs = changelogs(folder, files);
        List<String> claims = new ArrayList<>();
        flyway.ifPresent(file -> claims.add(file + " is Flyway's"));
        golang.ifPresent(file -> claims.add(file + " is golang-migrate's"));
        changelogs.stream().findFirst().ifPresent(file -> claims.add(file + " is Liquibase's"));
        if (claims.size() > 1) {
            throw new UsageException("Cannot tell which tool " + folder + " is for: " + String.join(", ", claims)
                    + ". Write a scenario with the step of one of them, such as \"- "
                    + new Flyway().step(String.valueOf(folder.getFileName())) + "\", and run that.");
        }
        if (flyway.isPresent()) {
            return new Flyway();
        }
        if (golang.isPresent()) {
            return new GolangMigrate();
        }
        return changelogs.isEmpty() ? new Scripts() : new Liquibase(master(folder, changelogs));
    }

    private static Optional<Path> first(List<Path> files, String name) {
        return files.stream()
                .filter(file -> String.valueOf(file.getFileName()).matches(name))
                .findFirst();
    }

    private static List<Path> changelogs(Path folder, List<Path> files) throws IOException {
        List<Path> changelogs = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.matches(".*changelog.*\\.(xml|yaml|yml|json)")
                    || (name.endsWith(".sql") && isFormatted(folder.resolve(file)))) {
                changelogs.add(file);
            }
        }
        return changelogs;
    }

    /** Whether its first line is the one by which Liquibase itself knows SQL that is meant for it. */
    private static boolean isFormatted(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = reader.readLine();
            return line != null && line.toLowerCase(Locale.ROOT).matches("\\s*--\\s*liquibase formatted sql.*");
        }
    }

    /** The only changelog, or the only one that is called a master or a root, as those are that include others. */
    private static String master(Path folder, List<Path> changelogs) {
        List<Path> masters = changelogs.size() == 1
                ? changelogs
                : changelogs.stream()
                        .filter(file -> String.valueOf(file.getFileName())
                                .toLowerCase(Locale.ROOT)
                                .matches(".*(master|root).*|changelog\\.\\w+|db\\.changelog\\.\\w+"))
                        .toList();
        if (masters.size() != 1) {
            throw new UsageException("Cannot tell where Liquibase begins in " + folder + ": it holds "
                    + changelogs.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + ". Call one of them changelog-master, or write a scenario with the step \"- "
                    + new Liquibase(changelogs.getFirst().toString()).step(String.valueOf(folder.getFileName()))
                    + "\".");
        }
        return masters.getFirst().toString();
    }
}
