package org.pgrehearse.scenarios.environment;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.pgrehearse.scenarios.environment.Processes.Signal;

/** A child process of ours together with its own children: a running server, or the making of its data folder. */
final class Postmaster {
    private static final File NOTHING = new File("/dev/null");
    private static final Duration EFFECT_DEADLINE = Duration.ofSeconds(10);
    private static final int STOP_ROUNDS_MAX = 20;

    private final Process process;

    private Postmaster(Process process) {
        this.process = process;
    }

    /** Starts a program whose output is appended to a log. */
    static Postmaster launch(List<String> command, Path folder, Path log, Map<String, String> variables)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(NOTHING)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // A variable such as PGPORT or PGDATA of the user must not configure this server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(variables);
        return new Postmaster(builder.start());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Waits for the end; false when it still runs after that time. */
    boolean ended(Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException(
                    "Cannot wait for process " + pid() + ": interrupted. Run again.", interrupted);
        }
    }

    void signal(Signal signal) {
        Processes.signal(signal, List.of(pid()));
    }

    /** Stops every process of the server where it stands; returns once that is seen. */
    void pause() {
        await(stopFamily(), Processes::stopped, "pause");
    }

    /** Lets every process go on. */
    void resume() {
        Processes.signal(Signal.CONT, Processes.children(pid()));
        signal(Signal.CONT);
    }

    /** Ends the postmaster as the kernel would when out of memory, and then its orphans; returns when all are gone. */
    void kill() {
        List<Long> children = stopFamily().stream().filter(pid -> pid != pid()).toList();
        process.destroyForcibly();
        if (!ended(EFFECT_DEADLINE)) {
            throw new EnvironmentException("Cannot kill process " + pid() + ": still there after "
                    + EFFECT_DEADLINE.toSeconds() + " s. Look at it with ps.");
        }
        Processes.signal(Signal.KILL, children);
        await(children, pid -> !Processes.alive(pid), "kill");
    }

    /** First the parent, so that it can have no more children; then rounds until no child is new. */
    private Set<Long> stopFamily() {
        signal(Signal.STOP);
        Set<Long> family = new HashSet<>(Set.of(pid()));
        for (int round = 0; round < STOP_ROUNDS_MAX; round++) {
            List<Long> found = new ArrayList<>(Processes.children(pid()));
            found.removeAll(family);
            if (found.isEmpty() && Processes.stopped(pid())) {
                break;
            }
            Processes.signal(Signal.STOP, found);
            family.addAll(found);
        }
        return family;
    }

    private static void await(Collection<Long> pids, LongPredicate reached, String verb) {
        if (!Processes.await(pids, reached, EFFECT_DEADLINE)) {
            throw new EnvironmentException("Cannot " + verb + " the processes " + pids + ": no effect after "
                    + EFFECT_DEADLINE.toSeconds() + " s. Look at them with ps.");
        }
    }
}
