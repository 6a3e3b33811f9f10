package org.pgrehearse.bench.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One query that digests the whole table, in psql on both servers at once.
 *
 * @param settings of the session, as PGOPTIONS takes them
 */
record PsqlDigest(String name, Path psql, String settings, Function<TableUnderTest, String> query)
        implements Contender {
    @Override
    public List<CommandLine> commands(TableUnderTest table, Addresses addresses) {
        return List.of(command(table, addresses.source()), command(table, addresses.target()));
    }

    private CommandLine command(TableUnderTest table, Addresses.Address address) {
        return new CommandLine(
                List.of(psql.toString(), "-X", "-q", "-A", "-t", "-d", address.uri(), "-c", query.apply(table)),
                Map.of("PGOPTIONS", settings));
    }

    @Override
    public Answer answer(List<Finished> programs) {
        for (Finished program : programs) {
            if (!program.succeeded()) {
                return new Answer.None(program.complaint());
            }
            if (!program.output().strip().matches("\\d+\\|-?\\d+")) {
                return new Answer.None("psql printed no digest");
            }
        }
        return new Answer.Told(
                programs.stream().map(Finished::output).distinct().count() > 1);
    }
}
