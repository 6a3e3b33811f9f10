package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Small file systems in memory (tmpfs) below the folder of a run, which nobody minds to fill. */
final class MemoryDisk {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path ROOT = Path.of("/");

    private MemoryDisk() {}

    /** Puts one of this size at a folder. */
    static void mount(Path folder, long bytes) {
        Command.Result mount = Command.run(
                List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "pgrehearse", folder.toString()),
                ROOT,
                DEADLINE);
        if (!mount.succeeded()) {
            throw new EnvironmentException("Cannot put the data in " + folder + " on a file system of its own: "
                    + mount.output().strip() + ". Run as root on Linux, or rehearse without a full disk.");
        }
    }

    /** Takes away all that are mounted below a folder; nothing may use them any more. */
    static void unmountBelow(Path folder) throws IOException {
        for (Path mounted : below(folder)) {
            Command.Result umount = Command.run(List.of("umount", mounted.toString()), ROOT, DEADLINE);
            if (!umount.succeeded()) {
                throw new IOException(
                        "cannot unmount " + mounted + ": " + umount.output().strip());
            }
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.exists(MOUNTS)) {
            return List.of();
        }
        // Blanks in a name stand there as \040.
        return Files.readAllLines(MOUNTS, StandardCharsets.UTF_8).stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 1 && words[0].equals("pgrehearse"))
                .map(words -> Path.of(words[1].replace("\\040", " ")))
                .filter(mounted -> mounted.startsWith(folder))
                .toList();
    }
}
