package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Capture;
import org.pgrehearse.scenarios.capture.LinePrefix;
import org.pgrehearse.scenarios.capture.Mask;
import org.pgrehearse.scenarios.capture.Tally;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgrehearse capture}. */
@Command(name = "capture", description = "Make a workload file of server logs, for \"load: {replay: FILE}\".")
final class CaptureCommand implements Callable<Integer> {
    private static final int KEY_BYTES = 32;
    private static final int KEY_BYTES_MIN = 16;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Logs in their order; names that end in .gz are unpacked.")
    @SuppressWarnings("NullAway.Init") // it is required
    private List<Path> logs;

    @Option(names = "--format", defaultValue = "AUTO", description = "What they are: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Capture.Format format;

    @Option(
            names = "--log-line-prefix",
            paramLabel = "TEXT",
            defaultValue = "%m [%p] ",
            description = "The server's log_line_prefix, for plain logs; default \"${DEFAULT-VALUE}\".")
    @SuppressWarnings("NullAway.Init") // it has a default
    private String prefix;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The workload, such as day.jsonl.gz.")
    @SuppressWarnings("NullAway.Init") // it is required
    private Path out;

    @Option(names = "--mask", defaultValue = "KEEP", description = "What becomes of values: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Masking masking;

    @Option(
            names = "--mask-key",
            paramLabel = "FILE",
            description = "The key of --mask hash, at least 16 bytes; without it each capture has a key of its own.")
    private @Nullable Path keyFile;

    /** What becomes of values. */
    enum Masking {
        /** They stay. */
        KEEP,
        /** They are replaced by a keyed hash. */
        HASH
    }

    @Override
    public Integer call() throws IOException {
        for (Path log : logs) {
            if (!Files.isRegularFile(log)) {
                throw new UsageException("Cannot read the log " + log + ": there is no such file.");
            }
        }
        Tally tally = new Capture(format, linePrefix(), mask()).run(logs, out);
        PrintWriter err = spec.commandLine().getErr();
        tally.examples().forEach(example -> err.println("left out " + example));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(
                "captured " + tally.statements() + " statements of " + tally.sessions() + " sessions into " + out);
        tally.skipped().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> stdout.println("left out " + entry.getValue() + ": " + entry.getKey()));
        return tally.statements() > 0 ? ExitCode.PROVEN : ExitCode.INCONCLUSIVE;
    }

    private LinePrefix linePrefix() {
        try {
            return LinePrefix.of(prefix);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Mask mask() throws IOException {
        if (masking == Masking.KEEP) {
            return null;
        }
        byte[] key = new byte[KEY_BYTES];
        if (keyFile == null) {
            new SecureRandom().nextBytes(key);
        } else {
            key = Files.readAllBytes(keyFile);
            if (key.length < KEY_BYTES_MIN) {
                throw new UsageException(
                        "Cannot mask with the key in " + keyFile + ": it has fewer than " + KEY_BYTES_MIN + " bytes.");
            }
        }
        return new Mask(key);
    }
}
