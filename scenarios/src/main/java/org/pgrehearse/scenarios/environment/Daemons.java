package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.Processes.Signal;

/**
 * The processes that programs of a run have left in the background, told by the folder of the run that they work in and
 * by their command line. Some overwrite their variables and leave their session, but none leaves that folder. Safe for
 * use by many threads; only Linux tells where a process works.
 */
public final class Daemons {
    /** Words of their command lines; whoever else has gone into the folder is left alone. */
    private static final List<String> WORDS = List.of("bucardo", "pgcopydb");

    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final Duration KILL_MAX = Duration.ofSeconds(5);
    private static final int ROUNDS_MAX = 20;

    private Daemons() {}

    /** Whether this system tells where a process works. */
    public static boolean visible() {
        return Processes.tellsFolders();
    }

    /** Whether none works in a folder any more. */
    public static boolean gone(Path folder) {
        return in(folder).isEmpty();
    }

    /**
     * Asks those that work in a folder to end, and kills those that do not within 5 seconds, and what they start
     * meanwhile.
     *
     * @throws EnvironmentException when some cannot be ended
     */
    public static void end(Path folder) {
        Set<Long> found = in(folder);
        if (found.isEmpty()) {
            return;
        }
        Processes.signal(Signal.TERM, found);
        Processes.await(found, pid -> !Processes.alive(pid), END_MAX);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Set<Long> left = in(folder);
            if (left.isEmpty()) {
                return;
            }
            Processes.signal(Signal.KILL, left);
            Processes.await(left, pid -> !Processes.alive(pid), KILL_MAX);
        }
        throw new EnvironmentException("Cannot end the processes " + in(folder) + ", which work in " + folder
                + ". Look at them with ps, and end them by hand.");
    }

    /** The same for every folder of a run. */
    static void endBelow(Path runFolder) {
        if (!visible()) {
            return;
        }
        try (Stream<Path> entries = Files.list(runFolder)) {
            entries.filter(Files::isDirectory).toList().forEach(Daemons::end);
        } catch (IOException unreadable) {
            throw new EnvironmentException(
                    "Cannot look for processes in " + runFolder + ": " + unreadable.getMessage()
                            + ". Look for them with ps.",
                    unreadable);
        }
    }

    private static Set<Long> in(Path folder) {
        Set<Long> found = new TreeSet<>();
        WORDS.forEach(word -> found.addAll(Processes.workingIn(folder, word)));
        return found;
    }
}
