package org.pgrehearse.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** The results as a table in Markdown. */
final class ResultTable {
    /** The prefix of the names of tools that only set the floor. */
    static final String FLOOR = "floor";

    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    private static final String UNKNOWN = "?";

    private ResultTable() {}

    /**
     * What all tools did on one pair of tables.
     *
     * @param expected what is true
     */
    record Round(TableUnderTest table, ExpectedDifferences expected, List<Tally.Result> results) {
        Round {
            results = List.copyOf(results);
        }
    }

    /**
     * A line for each tool on each pair of tables, relative to the cheapest right floor and to one tool of the round.
     *
     * @param reference the name of that tool
     */
    static String render(List<Round> rounds, String reference) {
        StringBuilder text = new StringBuilder();
        text.append("\n| table, rows | differ | tool | seconds: median (least–greatest) | ÷ floor | ÷ ")
                .append(reference)
                .append(" | CPU seconds | ÷ floor | found | right | peak MiB | heap MiB: used, live |\n")
                .append("| --- ".repeat(12))
                .append("|\n");
        for (Round round : rounds) {
            Bases bases = new Bases(
                    least(
                            round,
                            ResultTable::isRightFloor,
                            result -> OptionalDouble.of(result.seconds().median())),
                    least(
                            round,
                            result -> result.tool().equals(reference) && result.right(),
                            result -> OptionalDouble.of(result.seconds().median())),
                    least(round, ResultTable::isRightFloor, Tally.Result::processorSeconds));
            round.results().forEach(result -> text.append(line(round, result, bases)));
        }
        return text.toString();
    }

    /** What is divided by. */
    private record Bases(OptionalDouble floor, OptionalDouble reference, OptionalDouble processorFloor) {}

    private static boolean isRightFloor(Tally.Result result) {
        return result.tool().startsWith(FLOOR) && result.right();
    }

    private static OptionalDouble least(
            Round round, Predicate<Tally.Result> which, Function<Tally.Result, OptionalDouble> value) {
        return round.results().stream()
                .filter(which)
                .flatMap(result -> value.apply(result).stream().boxed())
                .mapToDouble(Double::doubleValue)
                .min();
    }

    private static String line(Round round, Tally.Result result, Bases bases) {
        Spread seconds = result.seconds();
        OptionalDouble median = OptionalDouble.of(seconds.median());
        return String.format(
                Locale.ROOT,
                "| %s, %,d | %,d | %s | %.2f (%.2f–%.2f) | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                round.table().name(),
                round.table().rows(),
                round.expected().total(),
                result.tool(),
                seconds.median(),
                seconds.least(),
                seconds.greatest(),
                ratio(median, bases.floor()),
                ratio(median, bases.reference()),
                ratio(result.processorSeconds(), OptionalDouble.of(1)),
                ratio(result.processorSeconds(), bases.processorFloor()),
                result.answer().words(),
                result.right() ? "yes" : "NO",
                megabytes(result.peakKilobytes()),
                result.heap()
                        .map(heap -> megabytes(OptionalLong.of(heap.usedKilobytes())) + ", "
                                + megabytes(OptionalLong.of(heap.liveKilobytes())))
                        .orElse(""));
    }

    private static String ratio(OptionalDouble value, OptionalDouble base) {
        return value.isPresent() && base.isPresent() && base.orElseThrow() > 0
                ? String.format(Locale.ROOT, "%.2f", value.orElseThrow() / base.orElseThrow())
                : UNKNOWN;
    }

    private static String megabytes(OptionalLong kilobytes) {
        return kilobytes.isPresent()
                ? String.format(Locale.ROOT, "%.0f", kilobytes.orElseThrow() / KILOBYTES_PER_MEGABYTE)
                : UNKNOWN;
    }
}
