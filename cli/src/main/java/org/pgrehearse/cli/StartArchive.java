package org.pgrehearse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The archive of loaded classes that the launcher keeps, so that a later start is quick. */
final class StartArchive {
    private static final String MARK = "pgrehearse.archive.mark";

    private StartArchive() {}

    /** Notes that this run has loaded what its command needs; the launcher makes archives of other runs again. */
    static void complete() {
        String mark = System.getProperty(MARK, "");
        if (mark.isEmpty() || Files.exists(Path.of(mark))) {
            return;
        }
        try {
            Files.createFile(Path.of(mark));
        } catch (IOException notWritable) {
            return; // there is no archive in such a folder either
        }
    }
}
