package org.pgrehearse.bench.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * reladiff, the maintained continuation of data-diff, over all columns, with the threads and the fan-out that were its
 * fastest here, and counting only, which spares it the printing of rows.
 */
record Reladiff(Path program) implements Contender {
    @Override
    public String name() {
        return "reladiff";
    }

    @Override
    public List<CommandLine> commands(TableUnderTest table, Addresses addresses) {
        return List.of(new CommandLine(
                List.of(
                        program.toString(),
                        addresses.source().uri(),
                        table.name(),
                        addresses.target().uri(),
                        table.name(),
                        "--key-columns",
                        "id",
                        "--columns",
                        "%",
                        "--threads",
                        "4",
                        "--bisection-factor",
                        "64",
                        "--stats"),
                // It would break lines at the width of a terminal.
                Map.of("COLUMNS", "1000")));
    }

    @Override
    public Answer answer(List<Finished> programs) {
        Finished program = programs.getFirst();
        if (!program.succeeded()) {
            return new Answer.None(program.complaint());
        }
        long missing = number(program.output(), "(\\d+) rows exclusive to table A");
        long unexpected = number(program.output(), "(\\d+) rows exclusive to table B");
        long changed = number(program.output(), "(\\d+) rows updated");
        return Math.min(missing, Math.min(unexpected, changed)) < 0
                ? new Answer.None("it printed no statistics")
                : new Answer.Counted(new ExpectedDifferences(missing, unexpected, changed));
    }

    private static long number(String output, String pattern) {
        Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(output);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
