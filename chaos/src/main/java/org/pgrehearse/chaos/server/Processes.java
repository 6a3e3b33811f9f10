package org.pgrehearse.chaos.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A server's processes on this Linux machine, and the signals they get. */
public final class Processes {
    private static final Duration SIGNAL_MAX = Duration.ofSeconds(5);

    /** A process that forks while it is signaled may need another round; a server settles within very few. */
    private static final int ROUNDS_MAX = 10;

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private static final char STOPPED = 'T';
    private static final char ZOMBIE = 'Z';
    private static final char GONE = '-';

    private final long root;

    /** The process with this id and all its descendants. */
    public Processes(long root) {
        this.root = root;
    }

    /** Kills all of them with SIGKILL; answers which. The first process goes first, so that it starts no others. */
    public List<Long> kill() throws IOException {
        List<Long> all = all();
        signal("KILL", all);
        return all;
    }

    /** Asks the first process to stop the server; returns once the signal is sent. */
    public void ask(StopMode mode) throws IOException {
        signal(mode.signal(), List.of(root));
    }

    /** Kills these with SIGKILL. Those that are gone are left alone. */
    public static void kill(List<Long> pids) throws IOException {
        signal("KILL", pids.stream().filter(Processes::isAlive).toList());
    }

    /** Waits until all of these are gone; false when that took too long. An interrupt is kept and ends the wait. */
    public static boolean awaitGone(List<Long> pids, Duration atMost) {
        return await(pids, Processes::isGone, atMost);
    }

    /** Waits until each of these stands still or is gone; false when that took too long, or on an interrupt. */
    public static boolean awaitStopped(List<Long> pids, Duration atMost) {
        return await(pids, pid -> isStopped(pid) || isGone(pid), atMost);
    }

    private static boolean await(List<Long> pids, Predicate<Long> reached, Duration atMost) {
        long start = System.nanoTime();
        while (!pids.stream().allMatch(reached)) {
            if (System.nanoTime() - start > atMost.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
        return true;
    }

    /** Stops all of them with SIGSTOP, or none; answers which. */
    public List<Long> stop() throws IOException {
        List<Long> stopped = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<Long> running =
                    all().stream().filter(pid -> !stopped.contains(pid)).toList();
            if (running.isEmpty()) {
                return stopped;
            }
            signal("STOP", running);
            stopped.addAll(running);
        }
        resume(stopped);
        throw new IOException("Cannot stop process " + root + ": it keeps starting others. Stop its load first.");
    }

    /** Lets these go on with SIGCONT, the first process last. Those that are gone are left alone. */
    public static void resume(List<Long> pids) throws IOException {
        signal("CONT", pids.reversed().stream().filter(Processes::isAlive).toList());
    }

    /** Whether a process neither exists nor is about to; a zombie is gone. */
    public static boolean isGone(long pid) {
        return !isAlive(pid);
    }

    /** Whether a process is stopped by a signal. */
    public static boolean isStopped(long pid) {
        return state(pid) == STOPPED;
    }

    /** Those that run now, the first process first. */
    public List<Long> all() {
        Stream<Long> descendants = ProcessHandle.of(root).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return Stream.concat(Stream.of(root), descendants)
                .filter(Processes::isAlive)
                .toList();
    }

    private static boolean isAlive(long pid) {
        char state = state(pid);
        return state != GONE && state != ZOMBIE;
    }

    /** The state's letter, which follows the command's name, which may itself hold blanks and parentheses. */
    private static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return GONE;
        }
    }

    private static void signal(String signal, List<Long> pids) throws IOException {
        if (pids.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        Process kill = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            // Its exit code says nothing: a process may be gone by itself. Callers look at the processes instead.
            if (!kill.waitFor(SIGNAL_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroyForcibly();
                throw new IOException("Cannot send SIG" + signal + ": kill did not end. Check the machine.");
            }
        } catch (InterruptedException e) {
            kill.destroyForcibly();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("Cannot send SIG" + signal + ": interrupted. Run it again.");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
