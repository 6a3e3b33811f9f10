package org.pgrehearse.bench.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** The programs of this machine, by the folders of a PATH. */
record Programs(String path) {
    /** The first program of that name. */
    Optional<Path> find(String name) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(Predicate.not(String::isEmpty))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .findFirst();
    }
}
