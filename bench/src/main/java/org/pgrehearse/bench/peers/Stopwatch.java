package org.pgrehearse.bench.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs at the same time and measures how long they take together and what each used. */
final class Stopwatch {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final File NOTHING = new File("/dev/null");

    private final Path folder;
    private final Optional<Path> time;
    private final Duration deadline;

    /**
     * Keeps the outputs of the last run in a folder.
     *
     * @param time GNU time, which asks the kernel for what they used; without it that is unknown
     * @param deadline after which the programs are stopped
     */
    Stopwatch(Path folder, Optional<Path> time, Duration deadline) {
        this.folder = folder;
        this.time = time;
        this.deadline = deadline;
    }

    /** Starts all, waits for all. */
    Measurement measure(List<CommandLine> commands) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (CommandLine command : commands) {
                processes.add(start(command, processes.size()));
            }
            List<Boolean> ended = new ArrayList<>();
            for (Process process : processes) {
                long left = deadline.toNanos() - (System.nanoTime() - start);
                ended.add(process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS));
            }
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            List<Finished> finished = new ArrayList<>();
            for (int i = 0; i < processes.size(); i++) {
                finished.add(finished(i, ended.get(i) ? processes.get(i).exitValue() : Finished.GAVE_UP));
            }
            return new Measurement(seconds, finished);
        } finally {
            processes.forEach(Stopwatch::end);
        }
    }

    private Process start(CommandLine command, int number) throws IOException {
        Files.deleteIfExists(used(number));
        List<String> prefix = time.map(program ->
                        List.of(program.toString(), "--quiet", "--format=" + Usage.FORMAT, "--output=" + used(number)))
                .orElse(List.of());
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(prefix.stream(), command.words().stream()).toList());
        builder.environment().putAll(command.environment());
        return builder.redirectInput(NOTHING)
                .redirectOutput(output(number).toFile())
                .redirectError(errors(number).toFile())
                .start();
    }

    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Finished finished(int number, int exitCode) throws IOException {
        return new Finished(
                exitCode, Files.readString(output(number)), Files.readString(errors(number)), usage(number));
    }

    private Optional<Usage> usage(int number) throws IOException {
        return Files.exists(used(number)) ? Usage.of(Files.readString(used(number))) : Optional.empty();
    }

    private Path output(int number) {
        return folder.resolve("output" + number + ".txt");
    }

    private Path errors(int number) {
        return folder.resolve("errors" + number + ".txt");
    }

    private Path used(int number) {
        return folder.resolve("usage" + number + ".txt");
    }
}
