package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Programs of a step, run to their end beside the load, each one's output into the next. */
final class Programs {
    private static final long POLL_MILLIS = 20;
    private static final int TEXT_MAX = 2_000;
    private static final long END_SECONDS_MAX = 10;

    private final Rig rig;
    private final Duration deadline;
    private final Map<String, String> environment;
    private final @Nullable Path folder;

    Programs(Rig rig, Duration deadline) {
        this(rig, deadline, Map.of());
    }

    Programs(Rig rig, Duration deadline, Map<String, String> environment) {
        this(rig, deadline, environment, null);
    }

    /** Those that work in a folder; null for the one of this process. */
    Programs(Rig rig, Duration deadline, Map<String, String> environment, @Nullable Path folder) {
        this.rig = rig;
        this.deadline = deadline;
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    /**
     * How a pipe of programs ended.
     *
     * @param exitCodes of each, in order
     * @param complaints what they wrote to standard error and the last one to standard output, shortened
     */
    record Result(List<Integer> exitCodes, String complaints) {
        Result {
            exitCodes = List.copyOf(exitCodes);
        }

        boolean succeeded() {
            return exitCodes.stream().allMatch(code -> code == 0);
        }
    }

    /** Runs a pipe; when it does not end in time, or when a server dies, all of it is ended. */
    Result pipe(List<List<String>> commands) throws StepFailed, InterruptedException {
        List<Path> outputs = new ArrayList<>();
        try {
            List<Process> processes = start(commands, outputs);
            try {
                await(commands, processes);
            } finally {
                end(processes);
            }
            StringBuilder text = new StringBuilder();
            for (Path output : outputs) {
                text.append(Files.readString(output, StandardCharsets.UTF_8));
            }
            String all = text.toString().strip();
            return new Result(
                    processes.stream().map(Process::exitValue).toList(),
                    all.length() <= TEXT_MAX ? all : "… " + all.substring(all.length() - TEXT_MAX));
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot run " + commands.getFirst().getFirst() + ": " + e.getMessage()
                            + ". Check that it can be run, and that the folder for temporary files is writable.",
                    e);
        } finally {
            delete(outputs);
        }
    }

    /** The same for one program or several, where anything but success fails the step. */
    Result require(List<List<String>> commands) throws StepFailed, InterruptedException {
        Result result = pipe(commands);
        for (int i = 0; i < commands.size(); i++) {
            if (result.exitCodes().get(i) != 0) {
                String program =
                        String.valueOf(Path.of(commands.get(i).getFirst()).getFileName());
                throw new StepFailed("Cannot go on: " + program + " ended with exit code "
                        + result.exitCodes().get(i) + ". Correct what it says and run again: " + result.complaints());
            }
        }
        return result;
    }

    private List<Process> start(List<List<String>> commands, List<Path> outputs) throws IOException {
        List<ProcessBuilder> builders = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            ProcessBuilder builder = new ProcessBuilder(commands.get(i));
            // A variable such as PGHOST of the user must not lead it elsewhere.
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            if (folder != null) {
                builder.directory(folder.toFile());
            }
            Path errors = Files.createTempFile("pgrehearse-", ".err");
            outputs.add(errors);
            builder.redirectError(errors.toFile());
            if (i == commands.size() - 1) {
                Path output = Files.createTempFile("pgrehearse-", ".out");
                outputs.add(output);
                builder.redirectOutput(output.toFile());
            }
            builders.add(builder);
        }
        return ProcessBuilder.startPipeline(builders);
    }

    private void await(List<List<String>> commands, List<Process> processes) throws StepFailed, InterruptedException {
        long start = System.nanoTime();
        for (Process process : processes) {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                rig.checkpoint();
                if (System.nanoTime() - start > deadline.toNanos()) {
                    throw new StepFailed(commands.getFirst().getFirst() + " was still running after "
                            + deadline.toSeconds() + " s. Give the step a longer deadline.");
                }
            }
        }
    }

    private static void end(List<Process> processes) throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (Process process : processes) {
            process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private static void delete(List<Path> files) throws StepFailed {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new StepFailed("Cannot delete a temporary file: " + e.getMessage() + ". Delete it by hand.", e);
        }
    }
}
