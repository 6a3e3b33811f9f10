package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** Processes of this machine by their ids, as signals and /proc (or ps, where there is no /proc) reach them. */
final class Processes {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final Path ROOT = Path.of("/");
    private static final Path PROC = Path.of("/proc");
    private static final boolean HAS_PROC = Files.exists(PROC.resolve("self"));

    /** A signal that a server understands. */
    enum Signal {
        INT,
        TERM,
        QUIT,
        KILL,
        STOP,
        CONT
    }

    private Processes() {}

    /** Sends a signal to each process; one that is gone already is no error. */
    static void signal(Signal signal, Collection<Long> pids) {
        if (pids.isEmpty() || send(signal, pids).succeeded()) {
            return;
        }
        // Some are gone, or some may not be signalled: one by one tells which.
        for (long pid : pids) {
            Command.Result result = send(signal, List.of(pid));
            if (!result.succeeded() && alive(pid)) {
                throw new EnvironmentException("Cannot send " + signal + " to process " + pid + ": "
                        + result.output().strip() + ". End it by hand.");
            }
        }
    }

    private static Command.Result send(Signal signal, Collection<Long> pids) {
        // The shell's own kill: not every small container has the program.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", signal.name()));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        return Command.run(command, ROOT, DEADLINE);
    }

    /** Whether a process runs or is stopped; one that waits for its parent to read its end is dead. */
    static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isIn("ZX", pid);
    }

    /** Whether a stop signal has taken effect, as far as this system tells. */
    static boolean stopped(long pid) {
        return !HAS_PROC || !alive(pid) || isIn("Tt", pid);
    }

    /** Waits until every process is so; false when that took too long. */
    static boolean await(Collection<Long> pids, LongPredicate reached, Duration patience) {
        long start = System.nanoTime();
        while (!pids.stream().allMatch(reached::test)) {
            if (System.nanoTime() - start > patience.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(POLL_INTERVAL);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EnvironmentException("Cannot wait for processes: interrupted. Run again.", interrupted);
            }
        }
        return true;
    }

    static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Whether this process is the postmaster of that very data folder; a reused process id is not. */
    static boolean isPostmasterOf(Path data, long pid) {
        if (!HAS_PROC) {
            Command.Result ps = Command.run(List.of("ps", "-o", "command=", "-p", Long.toString(pid)), ROOT, DEADLINE);
            return ps.succeeded() && ps.output().strip().endsWith("/postgres -D " + data);
        }
        List<String> arguments = List.of(read(pid, "cmdline").split("\0"));
        return arguments.size() == 3
                && arguments.get(0).endsWith("postgres")
                && arguments.get(1).equals("-D")
                && arguments.get(2).equals(data.toString());
    }

    /** Whether this system tells where a process works. */
    static boolean tellsFolders() {
        return HAS_PROC;
    }

    /** The processes that call themselves so, in letters of any size, and work in a folder, where this system tells. */
    static List<Long> workingIn(Path folder, String word) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> worksIn(folder, pid)
                            && alive(pid)
                            && read(pid, "cmdline").toLowerCase(Locale.ROOT).contains(word))
                    .toList();
        }
    }

    private static boolean worksIn(Path folder, long pid) {
        try {
            return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("cwd"))
                    .equals(folder);
        } catch (IOException goneOrHidden) {
            return false;
        }
    }

    private static boolean isIn(String states, long pid) {
        String stat = read(pid, "stat");
        // The program's name comes before the state, in brackets, and may hold any character.
        int state = stat.lastIndexOf(')') + 2;
        return stat.length() > state && states.indexOf(stat.charAt(state)) >= 0;
    }

    private static String read(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException goneOrHidden) {
            return "";
        }
    }
}
