package org.pgrehearse.scenarios.environment;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Client programs such as pg_dump, which come with packages of their own and without a server. Immutable and
 * thread-safe; every question looks at the machine again.
 */
public final class ClientPrograms {
    private static final List<String> FOLDERS = List.of("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)[.\\w]*)");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<Path> folders;

    private ClientPrograms(Set<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * Looks where packages put programs, then along PATH.
     *
     * @param environment the variables of the process
     * @param root the folder that holds the machine's own /usr; "/" on a real machine
     */
    public static ClientPrograms detect(Map<String, String> environment, Path root) {
        Set<Path> folders = new LinkedHashSet<>();
        for (String pattern : FOLDERS) {
            folders.addAll(matching(root, pattern));
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Path.of(folder).isAbsolute()) {
                folders.add(Path.of(folder));
            }
        }
        return new ClientPrograms(folders);
    }

    /**
     * The oldest program of that name that works with a server of a major version.
     *
     * @throws EnvironmentException when there is none, with what there is and how to get one
     */
    public Path program(String name, int majorMin) {
        List<Found> found = all(name);
        return found.stream()
                .filter(one -> one.major() >= majorMin)
                .min(Comparator.comparingInt(Found::major))
                .orElseThrow(() -> new EnvironmentException("Cannot find " + name + " " + majorMin
                        + " or newer, which a server of version " + majorMin + " needs: "
                        + (found.isEmpty()
                                ? "there is none on this machine"
                                : found.stream()
                                        .map(one -> one.version() + " is in " + one.folder())
                                        .distinct()
                                        .collect(Collectors.joining(", ")))
                        + ". Install it (Debian and Ubuntu: apt-get install postgresql-client-" + majorMin
                        + ") and run again."))
                .folder()
                .resolve(name);
    }

    /** A program that is no part of PostgreSQL; the message says how to install its package. */
    public Path other(String name, String debianPackage) {
        return installed(name, "Debian and Ubuntu: apt-get install " + debianPackage);
    }

    /** A program that is no part of PostgreSQL; the message says by which command it is installed. */
    public Path installed(String name, String command) {
        return find(name)
                .orElseThrow(() -> new EnvironmentException(
                        "Cannot find " + name + " on this machine. Install it (" + command + ") and run again."));
    }

    /** A program of that name, if there is one. */
    public Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private List<Found> all(String name) {
        List<Found> found = new ArrayList<>();
        for (Path folder : folders) {
            if (!Files.isExecutable(folder.resolve(name))) {
                continue;
            }
            Command.Result result =
                    Command.run(List.of(folder.resolve(name).toString(), "--version"), Path.of("/"), DEADLINE);
            Matcher version = VERSION.matcher(result.output());
            if (result.succeeded() && version.find()) {
                found.add(new Found(Integer.parseInt(version.group(2)), version.group(1), folder));
            }
        }
        return found;
    }

    private static List<Path> matching(Path root, String pattern) {
        int star = pattern.indexOf('*');
        int slash = pattern.lastIndexOf('/', star);
        String middle = pattern.substring(slash + 1, pattern.indexOf('/', star));
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(root.resolve(pattern.substring(0, slash)), middle)) {
            entries.forEach(entry -> folders.add(entry.resolve("bin")));
        } catch (IOException | DirectoryIteratorException notThere) {
            return List.of();
        }
        return folders.stream().sorted().toList();
    }

    private record Found(int major, String version, Path folder) {}
}
