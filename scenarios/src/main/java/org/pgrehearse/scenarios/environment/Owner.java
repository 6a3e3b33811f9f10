package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A process, told apart from a later one with the same id by the instant it started. */
record Owner(long pid, Instant started) {
    static final String FILE = "owner";

    /** Systems derive the instant from the time they booted at, which moves a little when the clock is set. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);

    /** This JVM. */
    static Owner current() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(self.pid(), self.info().startInstant().orElse(Instant.EPOCH));
    }

    /** What a run's folder says; empty when it says nothing one can read. */
    static Optional<Owner> read(Path folder) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(FILE));
            return Optional.of(new Owner(
                    Long.parseLong(lines.get(0).replace("pid=", "")),
                    Instant.parse(lines.get(1).replace("started=", ""))));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), "pid=" + pid + "\nstarted=" + started + "\n");
    }

    /** Whether that very process is still there. */
    boolean alive() {
        return ProcessHandle.of(pid)
                .filter(process -> Processes.alive(pid))
                .map(process -> process.info().startInstant().orElse(Instant.EPOCH))
                .filter(instant -> Duration.between(instant, started).abs().compareTo(CLOCK_TOLERANCE) <= 0)
                .isPresent();
    }
}
