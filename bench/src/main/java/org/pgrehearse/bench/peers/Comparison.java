package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/** All tools on all tables; the result is written after each pair of tables, so that an early end loses little. */
final class Comparison {
    private final PeersOptions options;
    private final Servers servers;
    private final List<Contender> contenders;
    private final Stopwatch stopwatch;
    private final Consumer<String> progress;
    private final List<ResultTable.Round> rounds = new ArrayList<>();

    Comparison(
            PeersOptions options,
            Servers servers,
            List<Contender> contenders,
            Stopwatch stopwatch,
            Consumer<String> progress) {
        this.options = options;
        this.servers = servers;
        this.contenders = List.copyOf(contenders);
        this.stopwatch = stopwatch;
        this.progress = progress;
    }

    /**
     * Runs everything.
     *
     * @param preamble what the file says before the tables
     * @param reference the tool that the others are compared with
     * @return what was measured, in the order of the run
     */
    List<ResultTable.Round> run(String preamble, String reference)
            throws IOException, SQLException, InterruptedException {
        for (TableUnderTest table : options.tables()) {
            progress.accept("making " + table.name() + " with " + table.rows() + " rows …");
            servers.onBoth(table.create());
            long differing = 0;
            for (long wanted : differences(table)) {
                if (wanted > differing) {
                    servers.onTarget(table.differ(differing, wanted));
                    differing = wanted;
                }
                rounds.add(round(table, ExpectedDifferences.of(differing)));
                write(preamble + ResultTable.render(rounds, reference));
            }
            servers.onBoth(List.of(table.drop()));
        }
        return List.copyOf(rounds);
    }

    private Set<Long> differences(TableUnderTest table) {
        Set<Long> numbers = new LinkedHashSet<>();
        options.differences().forEach(wanted -> numbers.add(Math.min(wanted, table.differencesMax())));
        return numbers;
    }

    /** The tools take turns, and another one begins each time: a slow minute of the machine hits them all alike. */
    private ResultTable.Round round(TableUnderTest table, ExpectedDifferences expected)
            throws IOException, InterruptedException {
        List<Tally> tallies = contenders.stream()
                .map(contender -> new Tally(contender.name(), expected))
                .toList();
        for (int repetition = 0; repetition < options.repetitions(); repetition++) {
            for (int turn = 0; turn < contenders.size(); turn++) {
                int which = (turn + repetition) % contenders.size();
                if (!tallies.get(which).gaveNoAnswer()) {
                    run(contenders.get(which), tallies.get(which), table);
                }
            }
        }
        return new ResultTable.Round(
                table,
                expected,
                tallies.stream().map(Tally::result).flatMap(Optional::stream).toList());
    }

    private void run(Contender contender, Tally tally, TableUnderTest table) throws IOException, InterruptedException {
        OptionalDouble before = servers.processorSeconds();
        Measurement measurement = stopwatch.measure(contender.commands(table, servers.addresses()));
        Answer answer = contender.answer(measurement.programs());
        OptionalDouble after = servers.processorSeconds();
        OptionalDouble onServers = before.isPresent() && after.isPresent()
                ? OptionalDouble.of(after.orElseThrow() - before.orElseThrow())
                : OptionalDouble.empty();
        tally.add(measurement, onServers, answer, contender.heap());
        progress.accept(
                "%8.2f s  %s  %s  %s".formatted(measurement.seconds(), table.name(), contender.name(), answer.words()));
    }

    private void write(String text) throws IOException {
        Path out = options.out().toAbsolutePath();
        Files.createDirectories(out.getParent());
        Files.writeString(out, text);
    }
}
