package org.pgrehearse.bench.peers;

import java.nio.file.Path;
import java.util.List;

/**
 * pg_comparator with its default checksum, which is its fastest, and without its limit on differences. It needs its
 * extension on both servers and writes a temporary table of checksums on each.
 */
record PgComparator(Path program) implements Contender {
    @Override
    public String name() {
        return "pg_comparator";
    }

    @Override
    public List<CommandLine> commands(TableUnderTest table, Addresses addresses) {
        return List.of(CommandLine.of(
                program.toString(), "--max-ratio=2.0", url(table, addresses.source()), url(table, addresses.target())));
    }

    private static String url(TableUnderTest table, Addresses.Address address) {
        return "pgsql://" + address.authority() + "/" + table.name() + "?id";
    }

    /** It names what would make the second table equal to the first, one row a line. */
    @Override
    public Answer answer(List<Finished> programs) {
        Finished program = programs.getFirst();
        if (!program.succeeded()) {
            return new Answer.None(program.complaint());
        }
        long missing = 0;
        long unexpected = 0;
        long changed = 0;
        for (String line : program.output().lines().toList()) {
            if (line.startsWith("INSERT ")) {
                missing++;
            } else if (line.startsWith("DELETE ")) {
                unexpected++;
            } else if (line.startsWith("UPDATE ")) {
                changed++;
            } else {
                return new Answer.None("a line that is no difference: " + line.replace('|', '/'));
            }
        }
        return new Answer.Counted(new ExpectedDifferences(missing, unexpected, changed));
    }
}
