package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.Processes.Signal;

/** What runs that were killed left behind: servers that still run, and folders. Runs that live are never touched. */
public final class StaleRuns {
    private static final Duration NEW_AGE_MAX = Duration.ofHours(1);
    private static final Duration QUIT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private StaleRuns() {}

    /**
     * Ends the servers and deletes the folders of dead runs, and returns how many runs these were. What cannot be
     * removed is left for the next time, and said.
     */
    public static int clean(Cache cache, Consumer<String> progress) {
        int cleaned = 0;
        for (Path folder : folders(cache)) {
            try {
                if (cleanIfDead(folder, progress)) {
                    cleaned++;
                }
            } catch (NoSuchFileException goneMeanwhile) {
                progress.accept("another run has removed " + folder);
            } catch (IOException | EnvironmentException failed) {
                progress.accept("Cannot remove what a dead run left in " + folder + ": " + failed.getMessage()
                        + ". Remove it by hand.");
            }
        }
        return cleaned;
    }

    private static List<Path> folders(Cache cache) {
        Path clusters = cache.clusters();
        try (Stream<Path> entries = Files.list(clusters)) {
            return entries.filter(StaleRuns::isRun).toList();
        } catch (IOException failed) {
            throw cache.unwritable(clusters, failed);
        }
    }

    private static boolean isRun(Path folder) {
        String name = folder.getFileName().toString();
        return name.startsWith(RunFolder.PREFIX) || (name.startsWith(RunFolder.NEW_PREFIX) && old(folder));
    }

    private static boolean old(Path folder) {
        try {
            Instant oldest = Instant.now().minus(NEW_AGE_MAX);
            return Files.getLastModifiedTime(folder).toInstant().isBefore(oldest);
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean cleanIfDead(Path folder, Consumer<String> progress) throws IOException {
        // First the owner: opening and closing the lock file would release a lock that this very JVM holds.
        if (Owner.read(folder).map(Owner::alive).orElse(false)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(
                        folder.resolve(RunFolder.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                @Nullable FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            progress.accept("removing what a dead run left in " + folder);
            PgBouncer.endLeft(folder);
            Daemons.endBelow(folder);
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path data : entries.filter(Files::isDirectory).toList()) {
                    endServer(data);
                }
            }
            MemoryDisk.unmountBelow(folder);
            Folders.delete(folder);
            return true;
        }
    }

    private static void endServer(Path data) {
        Set<Long> found = new HashSet<>(Processes.workingIn(data, "postgres"));
        postmaster(data).filter(pid -> Processes.isPostmasterOf(data, pid)).ifPresent(pid -> {
            found.addAll(Processes.children(pid));
            found.add(pid);
            // It frees its shared memory only when it can end by itself; a paused one cannot.
            Processes.signal(Signal.QUIT, List.of(pid));
            Processes.signal(Signal.CONT, found);
            if (!Processes.await(found, one -> !Processes.alive(one), QUIT_PATIENCE)) {
                Processes.signal(Signal.KILL, found);
            }
        });
        Processes.signal(Signal.KILL, found.stream().filter(Processes::alive).toList());
        if (!Processes.await(found, pid -> !Processes.alive(pid), KILL_PATIENCE)) {
            throw new EnvironmentException("the processes " + found + " do not end");
        }
        SharedMemory.release(data);
    }

    private static Optional<Long> postmaster(Path data) {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid")).stream()
                    .findFirst()
                    .map(line -> Long.parseLong(line.strip()));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }
}
