package org.pgrehearse.verifier.endpoint;

import java.nio.file.Path;
import java.util.Map;

/**
 * What libpq reads besides the connection string.
 *
 * @param environment the environment variables
 * @param home the folder that holds {@code .pgpass} and {@code .pg_service.conf}
 * @param user the operating system's name of the user
 */
public record Surroundings(Map<String, String> environment, Path home, String user) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(), Path.of(System.getProperty("user.home", ".")), System.getProperty("user.name", ""));
    }
}
