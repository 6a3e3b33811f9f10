package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The processor time of a server's sessions that have ended, parallel workers included, as Linux counts it for the
 * postmaster. Unlike seconds on the wall it hardly depends on what else runs on the machine.
 *
 * @param postmaster its process id
 */
record BackendTime(long postmaster) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 5;
    /** What /proc calls USER_HZ, which is the same on all of Linux's platforms of today. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    /** Seconds since the server's start, once all sessions have ended; empty when they do not, or without /proc. */
    OptionalDouble seconds() throws InterruptedException {
        long start = System.nanoTime();
        while (hasSessions()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                return OptionalDouble.empty();
            }
            Thread.sleep(POLL_MILLIS);
        }
        try {
            return ofChildren(Files.readString(process(postmaster).resolve("stat")));
        } catch (IOException unreadable) {
            return OptionalDouble.empty();
        }
    }

    /** Reads a line of /proc/PID/stat; a program's name may hold anything, but nothing after it has a parenthesis. */
    static OptionalDouble ofChildren(String stat) {
        List<String> fields =
                List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
        return fields.size() > CHILDREN_SYSTEM
                ? OptionalDouble.of(
                        (Long.parseLong(fields.get(CHILDREN_USER)) + Long.parseLong(fields.get(CHILDREN_SYSTEM)))
                                / TICKS_PER_SECOND)
                : OptionalDouble.empty();
    }

    private boolean hasSessions() {
        return ProcessHandle.of(postmaster).stream()
                .flatMap(ProcessHandle::children)
                .anyMatch(child -> isSession(child.pid()));
    }

    /** A session's title has its client's address; of one that ended and is not counted yet nothing is left. */
    private static boolean isSession(long child) {
        try {
            String title = Files.readString(process(child).resolve("cmdline"));
            return title.replace("\0", "").isEmpty()
                    || title.contains("127.0.0.1(")
                    || title.contains("parallel worker");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Path process(long id) {
        return Path.of("/proc", Long.toString(id));
    }
}
