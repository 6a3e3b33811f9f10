package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;

/**
 * The programs of one PostgreSQL version on this machine.
 *
 * @param major such as 15
 * @param version as it is shown to people, such as 15.14
 * @param programs the folder that holds initdb and postgres
 */
public record Installation(int major, String version, Path programs) {
    /** The path of a program such as {@code initdb}. */
    public Path program(String name) {
        return programs.resolve(name);
    }
}
