package org.pgrehearse.scenarios.environment;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** PostgreSQL as it is installed on this machine by its packages. Immutable: what is installed later is not seen. */
public final class LocalInstallations implements Installations {
    /** Where packages put programs: Debian, Red Hat, Homebrew on both kinds of Mac, Postgres.app. */
    private static final List<PackageFolder> PACKAGE_FOLDERS = List.of(
            new PackageFolder("usr/lib/postgresql", "*", "bin"),
            new PackageFolder("usr", "pgsql-*", "bin"),
            new PackageFolder("opt/homebrew/opt", "postgresql@*", "bin"),
            new PackageFolder("usr/local/opt", "postgresql@*", "bin"),
            new PackageFolder("Applications/Postgres.app/Contents/Versions", "*", "bin"));

    private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) ((\\d+)[.\\w]*)");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<Installation> found;

    private LocalInstallations(List<Installation> found) {
        this.found = List.copyOf(found);
    }

    /**
     * Looks where packages put PostgreSQL, then along PATH, and asks each program for its version.
     *
     * @param environment the variables of the process
     * @param root the folder that holds the machine's own /usr; "/" on a real machine
     */
    public static LocalInstallations detect(Map<String, String> environment, Path root) {
        Set<Path> folders = new LinkedHashSet<>();
        PACKAGE_FOLDERS.forEach(folder -> folders.addAll(folder.within(root)));
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Path.of(folder).isAbsolute()) {
                folders.add(Path.of(folder));
            }
        }
        List<Installation> found = new ArrayList<>();
        for (Path folder : folders) {
            installation(folder).filter(one -> !found.contains(one)).ifPresent(found::add);
        }
        return new LocalInstallations(found);
    }

    /** Every installation, in the order in which they are preferred. */
    public List<Installation> all() {
        return found;
    }

    @Override
    public Installation installation(int major) {
        return found.stream()
                .filter(one -> one.major() == major)
                .findFirst()
                .orElseThrow(() -> new EnvironmentException("Cannot find PostgreSQL " + major + " on this machine: "
                        + (found.isEmpty()
                                ? "none is installed"
                                : found.stream()
                                        .map(one -> one.version() + " in " + one.programs())
                                        .collect(Collectors.joining(", ", "there is ", "")))
                        + ". Install its server (Debian and Ubuntu: apt-get install postgresql-" + major
                        + "), or use the embedded environment, which brings its own."));
    }

    private static Optional<Installation> installation(Path folder) {
        try {
            // A link in PATH leads to where the other programs are.
            Path programs = folder.resolve("postgres").toRealPath().resolveSibling("");
            if (!Files.isExecutable(programs.resolve("postgres")) || !Files.isExecutable(programs.resolve("initdb"))) {
                return Optional.empty();
            }
            Command.Result result =
                    Command.run(List.of(programs.resolve("postgres").toString(), "--version"), Path.of("/"), DEADLINE);
            Matcher version = VERSION.matcher(result.output());
            return result.succeeded() && version.find()
                    ? Optional.of(new Installation(Integer.parseInt(version.group(2)), version.group(1), programs))
                    : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    /** Folders such as /usr/lib/postgresql/15/bin, where only the middle differs. */
    private record PackageFolder(String parent, String middle, String child) {
        List<Path> within(Path root) {
            List<Path> folders = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(parent), middle)) {
                entries.forEach(entry -> folders.add(entry.resolve(child)));
            } catch (IOException | DirectoryIteratorException notThere) {
                return List.of();
            }
            return folders.stream().sorted().toList();
        }
    }
}
