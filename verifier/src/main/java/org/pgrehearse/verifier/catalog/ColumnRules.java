package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.catalog.ColumnMatching.Computed;
import org.pgrehearse.verifier.catalog.ColumnMatching.Rename;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * Which columns are compared with columns of another name or with what an expression makes of the source, and which are
 * ignored. Columns without a rule are matched by name.
 *
 * @param maps each {@code S.T.C=S2.T2.C2}, a column of the source and its name on the target, or
 *     {@code S2.T2.C2=(expression)…}, a column of the target and what the source is asked for instead
 * @param ignored each {@code S.T.C}, on either side
 */
public record ColumnRules(List<String> maps, List<String> ignored) {
    private static final String USAGE = "Write source.table.column=target.table.column"
            + " or target.table.column=(expression over the source's columns).";

    public ColumnRules {
        maps = List.copyOf(maps);
        ignored = List.copyOf(ignored);
        // What cannot be read is refused before anything is connected.
        rules(maps, ignored);
    }

    /** Every column is matched by name. */
    public static ColumnRules none() {
        return new ColumnRules(List.of(), List.of());
    }

    /** Asks the source which type an expression over a table's columns has. */
    @FunctionalInterface
    public interface Typing {
        /** The type; fails as a statement with this expression fails. */
        ColumnType of(Table table, String expression) throws ReadFailedException, InterruptedException;
    }

    /**
     * The pairs with the columns that are to be compared, each called the same on both sides.
     *
     * @throws InvalidInputException when a rule names what does not exist or an expression cannot be evaluated
     */
    public List<TablePair> apply(List<TablePair> pairs, Typing typing)
            throws ReadFailedException, InterruptedException {
        List<Rule> rules = rules(maps, ignored);
        rules.forEach(rule -> demandTable(rule, pairs));
        List<TablePair> applied = new ArrayList<>();
        for (TablePair pair : pairs) {
            Table source = pair.source();
            Table target = pair.target();
            applied.add(
                    source == null || target == null
                            ? pair
                            : matching(source, target, rules, typing).paired(pair));
        }
        return applied;
    }

    private static ColumnMatching matching(Table source, Table target, List<Rule> rules, Typing typing)
            throws ReadFailedException, InterruptedException {
        List<Rename> renames = new ArrayList<>();
        List<Computed> computed = new ArrayList<>();
        List<String> ignoredOnSource = new ArrayList<>();
        List<String> ignoredOnTarget = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.concerns(source, target)) {
                switch (rule) {
                    case Renamed(ColumnPath from, ColumnPath to) ->
                        renames.add(new Rename(from.in(source, "source"), to.in(target, "target")));
                    case Expressed(ColumnPath to, String expression) ->
                        computed.add(computed(source, to.in(target, "target"), expression, typing));
                    case Ignored(ColumnPath path) -> {
                        boolean onSource = path.isOf(source)
                                && source.column(path.column()).isPresent();
                        boolean onTarget = path.isOf(target)
                                && target.column(path.column()).isPresent();
                        if (!onSource && !onTarget) {
                            path.in(path.isOf(source) ? source : target, path.isOf(source) ? "source" : "target");
                        }
                        (onSource ? ignoredOnSource : ignoredOnTarget).add(path.column());
                    }
                }
            }
        }
        return new ColumnMatching(source, target, renames, computed, ignoredOnSource, ignoredOnTarget);
    }

    private static Computed computed(Table source, Column target, String expression, Typing typing)
            throws ReadFailedException, InterruptedException {
        try {
            return new Computed(target, expression, typing.of(source, expression));
        } catch (ReadFailedException e) {
            if (e.problem().connectionLost()) {
                throw e;
            }
            throw new InvalidInputException("Cannot compute " + expression + " on the source for the column "
                    + target.name() + " of " + source.name() + ": "
                    + e.problem().fact()
                    + ". Correct the expression; functions and types outside pg_catalog need their schema.");
        }
    }

    private static void demandTable(Rule rule, List<TablePair> pairs) {
        BiPredicate<Table, Table> concerned = rule::concerns;
        boolean found = pairs.stream().anyMatch(pair -> {
            Table source = pair.source();
            Table target = pair.target();
            return source != null && target != null && concerned.test(source, target);
        });
        if (!found) {
            throw new InvalidInputException("Cannot use the column rule " + rule.text()
                    + ": it names no table that is compared on both sides."
                    + Nearest.hint(
                            rule.tableText(),
                            pairs.stream()
                                    .map(pair -> pair.sourceName().toString())
                                    .toList()));
        }
    }

    private static List<Rule> rules(List<String> maps, List<String> ignored) {
        List<Rule> rules = new ArrayList<>();
        for (String map : maps) {
            int equals = map.indexOf('=');
            if (equals <= 0 || equals == map.length() - 1) {
                throw new InvalidInputException("Cannot read the column map " + map + ". " + USAGE);
            }
            ColumnPath left = ColumnPath.of(map.substring(0, equals));
            String right = map.substring(equals + 1).strip();
            rules.add(right.startsWith("(") ? new Expressed(left, right) : new Renamed(left, ColumnPath.of(right)));
        }
        ignored.forEach(path -> rules.add(new Ignored(ColumnPath.of(path))));
        return rules;
    }

    private sealed interface Rule {
        boolean concerns(Table source, Table target);

        String text();

        String tableText();
    }

    private record Renamed(ColumnPath from, ColumnPath to) implements Rule {
        @Override
        public boolean concerns(Table source, Table target) {
            return from.isOf(source) && to.isOf(target);
        }

        @Override
        public String text() {
            return from + "=" + to;
        }

        @Override
        public String tableText() {
            return from.table().toString();
        }
    }

    private record Expressed(ColumnPath to, String expression) implements Rule {
        @Override
        public boolean concerns(Table source, Table target) {
            return to.isOf(target);
        }

        @Override
        public String text() {
            return to + "=" + expression;
        }

        @Override
        public String tableText() {
            return to.table().toString();
        }
    }

    private record Ignored(ColumnPath path) implements Rule {
        @Override
        public boolean concerns(Table source, Table target) {
            return path.isOf(source) || path.isOf(target);
        }

        @Override
        public String text() {
            return path.text();
        }

        @Override
        public String tableText() {
            return path.table().toString();
        }
    }
}
