package org.pgrehearse.scenarios.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The programs of one PostgreSQL version on this machine.
 *
 * @param major such as 15
 * @param version as it is shown to people, such as 15.14
 * @param programs the folder that holds initdb and postgres
 */
public record Installation(int major, String version, Path programs) {
    /** Whether servers of it can load a library such as {@code pglogical}. */
    public boolean hasLibrary(String name) {
        Path home = programs.resolveSibling("lib");
        return Stream.of(home, home.resolve("postgresql"), home.resolve("pgsql"))
                .anyMatch(folder -> Files.isRegularFile(folder.resolve(name + ".so")));
    }

    /** The path of a program such as {@code initdb}. */
    public Path program(String name) {
        return programs.resolve(name);
    }
}
