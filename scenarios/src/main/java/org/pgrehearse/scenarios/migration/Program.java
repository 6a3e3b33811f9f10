package org.pgrehearse.scenarios.migration;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A program of the user's, run to its end as a part of a step. What it writes is kept in two files. When the step ends
 * before it, every process that it started is ended: its descendants, and on Linux also those that left its tree.
 */
final class Program {
    private static final String MARK = "PGREHEARSE_PROGRAM";
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration FAMILY_LOOK = Duration.ofMillis(200);
    private static final Duration TERMINATE_MAX = Duration.ofSeconds(2);
    private static final int OUTPUTS_MAX = 10_000;
    private static final int TAIL_BYTES_MAX = 4096;
    private static final int TAIL_LINES_MAX = 5;
    private static final File NOTHING = new File("/dev/null");

    private final Rig rig;
    private final String mark = UUID.randomUUID().toString();
    private final Set<ProcessHandle> family = new HashSet<>();

    private final BooleanSupplier kill;
    private boolean killed;

    private Program(Rig rig, BooleanSupplier kill) {
        this.rig = rig;
        this.kill = kill;
    }

    /**
     * Runs it, and returns the end of what it wrote to standard output.
     *
     * @param name for the files that keep its output
     * @throws StepFailed when it cannot be started or ends with anything but 0
     */
    static String run(Rig rig, String name, List<String> command, Map<String, String> variables)
            throws StepFailed, InterruptedException {
        return new Program(rig, () -> false).run(name, command, variables);
    }

    /**
     * The same, killed together with every process that it started as soon as something holds.
     *
     * @throws Killed when it was
     */
    static String runUntil(
            Rig rig, BooleanSupplier kill, String name, List<String> command, Map<String, String> variables)
            throws StepFailed, Killed, InterruptedException {
        Program program = new Program(rig, kill);
        try {
            return program.run(name, command, variables);
        } catch (StepFailed e) {
            if (program.killed) {
                throw new Killed(e);
            }
            throw e;
        }
    }

    /** The program was killed on purpose, before its end. */
    static final class Killed extends Exception {
        private static final long serialVersionUID = 1L;

        Killed(StepFailed cause) {
            super(cause.getMessage(), cause);
        }
    }

    private String run(String name, List<String> command, Map<String, String> variables)
            throws StepFailed, InterruptedException {
        try {
            Path out = output(name);
            Path err = Path.of(out.toString().replaceAll("\\.out$", ".err"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(rig.places().start().toFile())
                    .redirectInput(NOTHING)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(variables);
            builder.environment().put(MARK, mark);
            int code = await(builder.start());
            String kept = ". All of it is in " + out.getFileName() + " and " + err.getFileName() + ".";
            if (code != 0) {
                String said = tail(err).isEmpty() ? tail(out) : tail(err);
                throw new StepFailed(Path.of(command.getFirst()).getFileName() + " ended with exit code " + code
                        + (said.isEmpty() ? "" : ": " + said) + kept);
            }
            String said = tail(out).isEmpty() ? tail(err) : tail(out);
            return (said.isEmpty() ? "it wrote nothing" : "it wrote: " + said) + kept;
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot run " + command.getFirst() + ": " + e.getMessage()
                            + ". Install it, or correct the name; relative ones lead from the scenario's folder.",
                    e);
        }
    }

    private Path output(String name) throws IOException {
        Path folder = Files.createDirectories(rig.places().outputs());
        for (int i = 1; i <= OUTPUTS_MAX; i++) {
            Path file = folder.resolve(name + "-" + i + ".out");
            if (!Files.exists(file)) {
                return Files.createFile(file);
            }
        }
        throw new IOException("more than " + OUTPUTS_MAX + " outputs in " + folder);
    }

    private int await(Process process) throws InterruptedException {
        long looked = System.nanoTime();
        try {
            while (!process.waitFor(POLL.toNanos(), TimeUnit.NANOSECONDS)) {
                rig.checkpoint();
                if (!killed && kill.getAsBoolean()) {
                    killed = true;
                    meet(process.toHandle());
                    family.forEach(ProcessHandle::destroyForcibly);
                }
                if (System.nanoTime() - looked > FAMILY_LOOK.toNanos()) {
                    process.descendants().forEach(family::add);
                    looked = System.nanoTime();
                }
            }
            return process.exitValue();
        } finally {
            if (process.isAlive()) {
                end(process.toHandle());
            }
        }
    }

    /** Asks every process to end, waits a moment, and kills those that have not; an interrupt does not hurry it. */
    private void end(ProcessHandle process) {
        boolean interrupted = Thread.interrupted();
        meet(process);
        family.forEach(ProcessHandle::destroy);
        long start = System.nanoTime();
        while (System.nanoTime() - start < TERMINATE_MAX.toNanos()
                && family.stream().anyMatch(ProcessHandle::isAlive)) {
            try {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        meet(process);
        family.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void meet(ProcessHandle process) {
        family.add(process);
        process.descendants().forEach(family::add);
        ProcessHandle.allProcesses().filter(this::isMarked).forEach(family::add);
    }

    /** Whether it has the environment of this program's children, where this system tells. */
    private boolean isMarked(ProcessHandle process) {
        try {
            byte[] variables = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return new String(variables, StandardCharsets.UTF_8).contains(MARK + "=" + mark);
        } catch (IOException goneOrHidden) {
            return false;
        }
    }

    /** The last lines of a file as one line. */
    private static String tail(Path file) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            content.seek(Math.max(0, content.length() - TAIL_BYTES_MAX));
            byte[] bytes = new byte[TAIL_BYTES_MAX];
            int length = Math.max(0, content.read(bytes));
            List<String> lines = new ArrayList<>(new String(bytes, 0, length, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList());
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - TAIL_LINES_MAX), lines.size()));
        }
    }
}
