package org.pgrehearse.scenarios.environment;

import java.io.File;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short-lived external program, run to its end. */
final class Command {
    static final int NOT_FOUND = 127;
    private static final File NOTHING = new File("/dev/null");

    private Command() {}

    /** Runs in a folder, standard error among the output; a program that is not there ends with {@link #NOT_FOUND}. */
    static Result run(List<String> command, Path folder, Duration deadline) {
        try {
            Path file = Files.createTempFile("pgrehearse-", ".output");
            try (FileChannel output = FileChannel.open(file, StandardOpenOption.READ)) {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(NOTHING)
                        .redirectOutput(file.toFile());
                return run(builder, file, output, deadline);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot keep the output of " + command.getFirst() + ": " + failed.getMessage()
                            + ". Free some space in the folder for temporary files (java.io.tmpdir).",
                    failed);
        }
    }

    private static Result run(ProcessBuilder builder, Path file, FileChannel output, Duration deadline)
            throws IOException {
        Process process;
        try {
            process = builder.start();
        } catch (IOException notFound) {
            return new Result(NOT_FOUND, String.valueOf(notFound.getMessage()));
        }
        // Open files live on without their names: nothing stays behind when this JVM is killed while it waits.
        Files.delete(file);
        boolean ended = ended(process, deadline);
        String text = new String(Channels.newInputStream(output).readAllBytes(), StandardCharsets.UTF_8);
        if (!ended) {
            throw new EnvironmentException("Cannot finish " + builder.command().getFirst() + ": still running after "
                    + deadline.toSeconds() + " s. See its last output and run again:\n" + LogTail.of(text));
        }
        return new Result(process.exitValue(), text);
    }

    private static boolean ended(Process process, Duration deadline) {
        boolean ended = false;
        try {
            ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("Cannot wait for a program: interrupted. Run again.", interrupted);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        return ended;
    }

    /** How a program ended, and what it wrote. */
    record Result(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }
}
