package org.pgrehearse.reports.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit that a rehearsal must keep, such as {@code write-downtime < 2s}.
 *
 * <p>Counts take whole numbers or {@code none}; durations take {@code ms}, {@code s} or {@code m} (a bare {@code 0} is
 * fine); {@code failed-operations of NAME} are those of one kind of transaction; {@code table-growth of TABLE} takes a
 * ratio such as {@code 2x}; {@code split-brain} takes {@code yes} or {@code no}; {@code data}, {@code sequences} and
 * {@code schema} take {@code consistent} or {@code divergent}; {@code ending} takes {@code completed} or
 * {@code aborted}.
 */
public final class Expectation {
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S+)(?:\\s+of\\s+(\\S+))?\\s*(<=|>=|<|>|=)\\s*(\\S+)\\s*");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m)");
    private static final Pattern RATIO = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)x");
    private static final double THOUSANDTHS = 1_000;
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private final Gate gate;
    private final String of;
    private final String operator;
    private final String limit;

    private Expectation(Gate gate, String of, String operator, String limit) {
        this.gate = gate;
        this.of = of;
        this.operator = operator;
        this.limit = limit;
    }

    /** What came of reading expectations: those that make sense, and everything that is wrong with the others. */
    public record Parsed(List<Expectation> expectations, List<String> problems) {
        public Parsed {
            expectations = List.copyOf(expectations);
            problems = List.copyOf(problems);
        }
    }

    /** Reads one expectation a line; all problems are reported at once. */
    public static Parsed parse(List<String> lines) {
        List<Expectation> expectations = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                problems.add("\"" + line + "\" is not an expectation. Write NAME OP LIMIT, such as: lost-writes = 0.");
                continue;
            }
            Optional<Gate> gate = Gate.named(parts.group(1));
            if (gate.isEmpty()) {
                problems.add("\"" + line + "\": there is no expectation named " + parts.group(1) + ". Known names: "
                        + Gate.allNames() + ".");
                continue;
            }
            Expectation expectation = new Expectation(
                    gate.get(), Optional.ofNullable(parts.group(2)).orElse(""), parts.group(3), parts.group(4));
            expectation
                    .problem()
                    .ifPresentOrElse(
                            problem -> problems.add("\"" + line + "\": " + problem),
                            () -> expectations.add(expectation));
        }
        return new Parsed(expectations, problems);
    }

    /** The name, such as {@code lost-writes} or {@code failed-operations of v1}. */
    public String name() {
        return of.isEmpty() ? gate.text() : gate.text() + " of " + of;
    }

    /** Operator and limit, such as {@code < 2s}. */
    public String limit() {
        return operator + " " + limit;
    }

    Gate gate() {
        return gate;
    }

    /** The limit as the word that is compared, such as {@code aborted}. */
    String word() {
        return gate.unit == Gate.Unit.YES_NO && limit.equals("none") ? "no" : limit;
    }

    /**
     * Holds the expectation against what was measured.
     *
     * @param brokeOff whether the run ended before its scenario did: then what the end itself cost refutes nothing
     */
    ExpectationResult judge(Measures measures, boolean brokeOff) {
        ExpectationResult result = judge(measures);
        return brokeOff && result.verdict() == RunVerdict.FAILED && gate.needsWholeRun()
                ? new ExpectationResult(
                        name(), limit(), result.observed(), RunVerdict.INCONCLUSIVE, "the run broke off before its end")
                : result;
    }

    private ExpectationResult judge(Measures measures) {
        Observed observed = of.isEmpty()
                ? Observer.observe(gate, measures)
                : gate == Gate.TABLE_GROWTH
                        ? Observer.tableGrowth(measures.sizes(), of)
                        : Observer.failedOperations(measures.workload(), of);
        return switch (observed) {
            case Observed.Exactly exact -> result(text(exact.value()), holds(exact.value()), "");
            case Observed.AtLeast least -> judgeAtLeast(least);
            case Observed.Word word -> result(word.word(), word.word().equals(word()), "");
            case Observed.Nothing nothing ->
                new ExpectationResult(name(), limit(), nothing.text(), RunVerdict.INCONCLUSIVE, nothing.reason());
        };
    }

    private ExpectationResult judgeAtLeast(Observed.AtLeast least) {
        boolean canOnlyBreak = operator.startsWith("<") || operator.equals("=");
        boolean beyond = least.value() > number();
        boolean decided =
                canOnlyBreak ? beyond || (operator.equals("<") && least.value() == number()) : holds(least.value());
        return decided
                ? result("at least " + text(least.value()), !canOnlyBreak, "")
                : new ExpectationResult(
                        name(), limit(), text(least.value()) + " seen", RunVerdict.INCONCLUSIVE, least.reason());
    }

    private ExpectationResult result(String observed, boolean held, String reason) {
        boolean doubtful = !held && gate == Gate.UNRESOLVED_WRITES;
        if (doubtful) {
            return new ExpectationResult(
                    name(), limit(), observed, RunVerdict.INCONCLUSIVE, "the ledgers cannot tell what became of them");
        }
        return new ExpectationResult(name(), limit(), observed, held ? RunVerdict.PASSED : RunVerdict.FAILED, reason);
    }

    private boolean holds(long value) {
        long bound = number();
        return switch (operator) {
            case "<" -> value < bound;
            case "<=" -> value <= bound;
            case ">" -> value > bound;
            case ">=" -> value >= bound;
            default -> value == bound;
        };
    }

    private Optional<String> problem() {
        boolean fits = switch (gate.unit) {
            case COUNT -> COUNT.matcher(limit).matches() || limit.equals("none");
            case DURATION -> DURATION.matcher(limit).matches() || limit.equals("0") || limit.equals("none");
            case RATIO -> RATIO.matcher(limit).matches();
            case YES_NO, CONSISTENCY, ENDING -> gate.unit.words().contains(limit);
        };
        if (!of.isEmpty() && gate != Gate.FAILED_OPERATIONS && gate != Gate.TABLE_GROWTH) {
            return Optional.of("only failed-operations can be those of one kind of transaction.");
        }
        if (of.isEmpty() && gate == Gate.TABLE_GROWTH) {
            return Optional.of("write table-growth of TABLE, such as: table-growth of shop.orders < 2x.");
        }
        if (!fits) {
            return Optional.of(limit + " is not " + gate.unit.description + ".");
        }
        return !gate.unit.words().isEmpty() && !operator.equals("=")
                ? Optional.of(name() + " can only be compared with =.")
                : Optional.empty();
    }

    private long number() {
        Matcher duration = DURATION.matcher(limit);
        if (duration.matches()) {
            double unit = switch (duration.group(2)) {
                case "ms" -> Duration.ofMillis(1).toNanos();
                case "s" -> Duration.ofSeconds(1).toNanos();
                default -> Duration.ofMinutes(1).toNanos();
            };
            return Math.round(Double.parseDouble(duration.group(1)) * unit);
        }
        Matcher ratio = RATIO.matcher(limit);
        if (ratio.matches()) {
            return Math.round(Double.parseDouble(ratio.group(1)) * THOUSANDTHS);
        }
        return limit.equals("none") ? 0 : Long.parseLong(limit);
    }

    private String text(long value) {
        return switch (gate.unit) {
            case DURATION -> Words.duration(value);
            case RATIO -> String.format(Locale.ROOT, "%.2fx", value / THOUSANDTHS);
            case COUNT, YES_NO, CONSISTENCY, ENDING -> String.format(Locale.ROOT, "%d", value);
        };
    }
}
