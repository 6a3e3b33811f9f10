package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This project's own command, as a user starts it.
 *
 * @param launcher the script at the repository's root
 * @param digest what {@code --digest} takes
 * @param javaOptions for the JVM on top of the launcher's own
 * @param heapLog where the JVM writes what its heap did
 */
record Pgrehearse(String name, Path launcher, String digest, String javaOptions, Path heapLog) implements Contender {
    private static final int CONSISTENT = 0;
    private static final int DIVERGENT = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public List<CommandLine> commands(TableUnderTest table, Addresses addresses) {
        return List.of(new CommandLine(
                List.of(
                        launcher.toString(),
                        "verify",
                        "--source",
                        addresses.source().uri(),
                        "--target",
                        addresses.target().uri(),
                        "--table",
                        "public." + table.name(),
                        "--digest",
                        digest,
                        "--jobs",
                        "2",
                        "--format",
                        "json"),
                Map.of("PGREHEARSE_JAVA_OPTIONS", ("-Xlog:gc*=info:file=" + heapLog + " " + javaOptions).strip())));
    }

    @Override
    public Answer answer(List<Finished> programs) {
        Finished program = programs.getFirst();
        if (program.exitCode() != CONSISTENT && program.exitCode() != DIVERGENT) {
            return new Answer.None(program.complaint());
        }
        try {
            JsonNode tables = JSON.readTree(program.output()).path("tables");
            if (tables.size() != 1) {
                return new Answer.None(tables.size() + " tables were compared");
            }
            ExpectedDifferences found = new ExpectedDifferences(
                    tables.path(0).path("missing").asLong(),
                    tables.path(0).path("unexpected").asLong(),
                    tables.path(0).path("changed").asLong());
            return (found.total() > 0) == (program.exitCode() == DIVERGENT)
                    ? new Answer.Counted(found)
                    : new Answer.None("exit code " + program.exitCode() + " with " + found.total() + " differences");
        } catch (JacksonException unreadable) {
            return new Answer.None("what it printed is no JSON");
        }
    }

    /** The log goes with the answer: a run that writes none must not get the one before. */
    @Override
    public Optional<HeapPeak> heap() throws IOException {
        if (!Files.exists(heapLog)) {
            return Optional.empty();
        }
        Optional<HeapPeak> peak = HeapPeak.of(Files.readAllLines(heapLog));
        Files.delete(heapLog);
        return peak;
    }
}
