package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader must know to judge the numbers: the machine, and the versions of everything. Not thread-safe. */
final class Surroundings {
    private static final Path LOAD = Path.of("/proc/loadavg");

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)+");

    private final Stopwatch stopwatch;
    private final List<String> versions = new ArrayList<>();

    Surroundings(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    /** Adds what is known already. */
    void add(String name, String version) {
        versions.add(name + " " + version);
    }

    /** Asks a program for its version; an IOException tells that it does not run. */
    void version(String name, Path program) throws IOException, InterruptedException {
        Finished finished = stopwatch
                .measure(List.of(CommandLine.of(program.toString(), "--version")))
                .programs()
                .getFirst();
        if (!finished.succeeded()) {
            throw new IOException("\"" + program + " --version\" failed: " + finished.complaint()
                    + ". Start it by hand, or take it off the PATH.");
        }
        String text = finished.output().lines().findFirst().orElse("").strip();
        Matcher number = NUMBER.matcher(text);
        add(name, number.find() ? number.group() : text);
    }

    /** Some lines of Markdown. */
    String describe(Instant now, PeersOptions options, List<String> notes) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("Taken ").append(now.truncatedTo(ChronoUnit.MINUTES)).append(" with ");
        text.append(options.repetitions()).append(" repetitions. ");
        text.append(System.getProperty("os.name"))
                .append(" on ")
                .append(System.getProperty("os.arch"))
                .append(", ");
        text.append(Runtime.getRuntime().availableProcessors()).append(" processors, load before the run ");
        text.append(Files.exists(LOAD) ? Files.readString(LOAD).split(" ", 2)[0] : "unknown")
                .append(". ");
        text.append("Java ")
                .append(Runtime.version())
                .append(", ")
                .append(String.join(", ", versions))
                .append(".\n");
        notes.forEach(note -> text.append("\n").append(note).append("\n"));
        return text.toString();
    }
}
