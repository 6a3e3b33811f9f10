package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder that keeps what the next rehearsal can use again, and the clusters of the running ones.
 *
 * @param root absolute; need not exist yet
 */
public record Cache(Path root) {
    private static final Path SHARED_ROOT = Path.of("/var/cache/pgrehearse");

    /** Takes any path and makes it absolute. */
    public Cache {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * The cache of a user: below XDG_CACHE_HOME, else below .cache in the home folder; but where root has to run
     * PostgreSQL as another user, who cannot enter root's home, it is /var/cache/pgrehearse.
     *
     * @param environment the variables of the process
     * @param home the system property user.home, used where HOME is not set
     */
    public static Cache locate(Map<String, String> environment, String home, ServerAccount account) {
        Path configured = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        if (configured.isAbsolute()) {
            return new Cache(configured.resolve("pgrehearse"));
        }
        return switch (account) {
            case ServerAccount.OtherUser other -> new Cache(SHARED_ROOT);
            case ServerAccount.Myself myself -> atHome(environment, home);
            case ServerAccount.Namespace namespace -> atHome(environment, home);
        };
    }

    /** Unpacked installations. */
    Path installations() {
        return ensure(root.resolve("postgres"));
    }

    /** Jars as Maven resolved them. */
    Path jars() {
        return ensure(root.resolve("jars"));
    }

    /** One folder for each run. */
    Path clusters() {
        return ensure(root.resolve("clusters"));
    }

    /** What to say when something in the cache cannot be written, and how to get on. */
    EnvironmentException unwritable(Path path, IOException failed) {
        return new EnvironmentException(
                "Cannot write " + path + " in the cache: " + failed.getMessage()
                        + ". Free some space, or set XDG_CACHE_HOME to a folder with at least 1 GB that you may write.",
                failed);
    }

    private static Cache atHome(Map<String, String> environment, String home) {
        Path folder = Path.of(environment.getOrDefault("HOME", home));
        if (!folder.isAbsolute()) {
            throw new EnvironmentException(
                    "Cannot find a place for the cache: this user has no home folder. Set XDG_CACHE_HOME to one.");
        }
        return new Cache(folder.resolve(".cache").resolve("pgrehearse"));
    }

    private Path ensure(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException failed) {
            throw unwritable(folder, failed);
        }
    }
}
