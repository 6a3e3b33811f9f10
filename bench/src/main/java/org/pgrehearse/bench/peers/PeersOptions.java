package org.pgrehearse.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What one comparison with the peers covers.
 *
 * @param rows in a narrow or mixed table; a wide one has a tenth
 * @param repetitions how often each tool runs on each table
 * @param differences numbers of rows that differ, ascending; more than a table can have means as many as it can have
 * @param out the file for the result, in Markdown
 */
record PeersOptions(
        long rows, int repetitions, Set<Shape> shapes, Set<KeyKind> keys, List<Long> differences, Path out) {
    static final String USAGE = """
            Options, all with a value:
              --rows N             rows of a narrow or mixed table, 1000 or more; default 2000000
              --repetitions N      runs of each tool on each table, 1 to 100; default 3
              --tables LIST        of narrow, mixed, wide; default all
              --keys LIST          of bigint, uuid; default both
              --differences LIST   numbers of differing rows, multiples of 4; default 0,4,100000
              --out FILE           takes the result in Markdown; default bench/target/peers/result.md
            and without one:
              --quick              the same as --rows 100000""";

    private static final long ROWS = 2_000_000;
    private static final long ROWS_QUICK = 100_000;
    private static final long ROWS_MIN = 1_000;
    private static final long ROWS_MAX = 1_000_000_000;
    private static final int REPETITIONS = 3;
    private static final int REPETITIONS_MAX = 100;

    PeersOptions {
        shapes = Set.copyOf(shapes);
        keys = Set.copyOf(keys);
        differences = differences.stream().sorted().distinct().toList();
    }

    /** Reads arguments; an argument may hold several, with blanks between them. */
    static PeersOptions parse(List<String> arguments) throws InvalidOptionsException {
        Reader reader = new Reader();
        reader.read(arguments.stream()
                .flatMap(argument -> Arrays.stream(argument.split(" ", -1)))
                .filter(word -> !word.isEmpty())
                .toList());
        if (!reader.problems.isEmpty()) {
            throw new InvalidOptionsException(reader.problems);
        }
        return new PeersOptions(
                reader.rows, reader.repetitions, reader.shapes, reader.keys, reader.differences, reader.out);
    }

    /** The tables, in the order in which they are compared. */
    List<TableUnderTest> tables() {
        List<TableUnderTest> tables = new ArrayList<>();
        for (Shape shape : EnumSet.copyOf(shapes)) {
            for (KeyKind key : EnumSet.copyOf(keys)) {
                tables.add(new TableUnderTest(shape, key, shape.rows(rows)));
            }
        }
        return tables;
    }

    /** Options that cannot be used; the message has all problems, one a line, and the usage. */
    static final class InvalidOptionsException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidOptionsException(List<String> problems) {
            super(String.join("\n", problems) + "\n" + USAGE);
        }
    }

    /** Collects values and problems. */
    private static final class Reader {
        private final List<String> problems = new ArrayList<>();
        private long rows = ROWS;
        private int repetitions = REPETITIONS;
        private Set<Shape> shapes = EnumSet.allOf(Shape.class);
        private Set<KeyKind> keys = EnumSet.allOf(KeyKind.class);
        private List<Long> differences = List.of(0L, 4L, 100_000L);
        private Path out = Path.of("bench/target/peers/result.md");

        void read(List<String> words) {
            Iterator<String> word = words.iterator();
            while (word.hasNext()) {
                String option = word.next();
                try {
                    read(option, word);
                } catch (NoSuchElementException missing) {
                    problems.add("Cannot use " + option + ": its value is missing. Write " + option + " VALUE.");
                }
            }
        }

        private void read(String option, Iterator<String> values) {
            switch (option) {
                case "--quick" -> rows = ROWS_QUICK;
                case "--rows" -> rows = number(option, values.next(), n -> n >= ROWS_MIN && n <= ROWS_MAX, rows);
                case "--repetitions" ->
                    repetitions = (int) number(option, values.next(), n -> n >= 1 && n <= REPETITIONS_MAX, repetitions);
                case "--tables" -> shapes = choices(option, values.next(), Shape.class);
                case "--keys" -> keys = choices(option, values.next(), KeyKind.class);
                case "--differences" -> differences = differences(option, values.next());
                case "--out" -> out = Path.of(values.next());
                default -> problems.add("Cannot use " + option + ": there is no such option. Correct it.");
            }
        }

        private List<Long> differences(String option, String list) {
            return Arrays.stream(list.split(",", -1))
                    .map(text -> number(option, text, n -> n >= 0 && n % ExpectedDifferences.GROUP == 0, 0))
                    .toList();
        }

        private long number(String option, String text, LongPredicate allowed, long otherwise) {
            // Eighteen digits always fit.
            if (text.matches("\\d{1,18}") && allowed.test(Long.parseLong(text))) {
                return Long.parseLong(text);
            }
            problems.add("Cannot use " + option + " " + text + ": not a number that it takes. See below.");
            return otherwise;
        }

        private <E extends Enum<E>> Set<E> choices(String option, String list, Class<E> type) {
            Set<E> chosen = EnumSet.noneOf(type);
            for (String text : list.split(",", -1)) {
                Arrays.stream(type.getEnumConstants())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                        .findFirst()
                        .ifPresentOrElse(
                                chosen::add,
                                () -> problems.add(
                                        "Cannot use " + option + " " + text + ": there is no such choice. See below."));
            }
            return chosen;
        }
    }
}
