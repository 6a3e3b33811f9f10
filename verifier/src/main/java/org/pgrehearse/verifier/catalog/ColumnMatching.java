package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.catalog.LeftOut.Why;

/** Decides for one pair of tables which columns are compared, under the target's names. Used once, by one thread. */
final class ColumnMatching {
    private final Table source;
    private final Table target;
    private final List<Rename> renames;
    private final List<Computed> computed;
    private final List<String> ignoredOnSource;
    private final List<String> ignoredOnTarget;
    private final List<LeftOut> outOfSource = new ArrayList<>();
    private final List<LeftOut> outOfTarget = new ArrayList<>();
    private final Map<String, Match> byTarget = new LinkedHashMap<>();

    /** A column of the source that has another name on the target. */
    record Rename(Column source, Column target) {}

    /** A column of the target, and what the source is asked for instead. */
    record Computed(Column target, String expression, ColumnType type) {}

    private record Match(
            Column source, String sql, @Nullable String sourceName, Column target) {}

    ColumnMatching(
            Table source,
            Table target,
            List<Rename> renames,
            List<Computed> computed,
            List<String> ignoredOnSource,
            List<String> ignoredOnTarget) {
        this.source = source;
        this.target = target;
        this.renames = renames;
        this.computed = computed;
        this.ignoredOnSource = ignoredOnSource;
        this.ignoredOnTarget = ignoredOnTarget;
    }

    TablePair paired(TablePair pair) {
        computed.forEach(each -> add(new Match(
                new Column(each.target().name(), each.type(), false), each.expression(), null, each.target())));
        renames.forEach(each -> add(match(each.source(), each.target())));
        for (Column column : source.columns()) {
            boolean taken = renames.stream().anyMatch(rename -> rename.source().equals(column));
            Optional<Column> other = target.column(column.name());
            if (!taken && other.isPresent() && !byTarget.containsKey(column.name())) {
                add(match(column, other.get()));
            }
        }
        leaveOut();
        List<Match> compared = List.copyOf(byTarget.values());
        return new TablePair(
                pair.sourceName(),
                pair.targetName(),
                source.showing(
                        compared.stream()
                                .map(match ->
                                        match.source().renamed(match.target().name()))
                                .toList(),
                        keys(source, sourceNames(compared)),
                        projection(compared),
                        outOfSource),
                target.showing(
                        compared.stream().map(Match::target).toList(),
                        keys(target, targetNames(compared)),
                        "",
                        outOfTarget));
    }

    private static Match match(Column source, Column target) {
        return new Match(source, source.quoted(), source.name(), target);
    }

    private void add(Match match) {
        if (byTarget.putIfAbsent(match.target().name(), match) != null) {
            throw new InvalidInputException("Cannot map two columns to "
                    + match.target().name() + " of " + target.name() + ". Leave one of the two maps out.");
        }
    }

    /** The columns that are not compared. A column goes from both sides, or its counterpart would look unmatched. */
    private void leaveOut() {
        List<Match> all = List.copyOf(byTarget.values());
        for (Match match : all) {
            Optional<Why> why = why(match);
            if (why.isPresent()) {
                byTarget.remove(match.target().name());
                if (match.sourceName() != null) {
                    outOfSource.add(
                            new LeftOut(match.source(), why.get(), reason(why.get(), match.source(), "source")));
                }
                outOfTarget.add(new LeftOut(match.target(), why.get(), reason(why.get(), match.target(), "target")));
            }
        }
        for (Column column : source.columns()) {
            if (all.stream().noneMatch(match -> column.name().equals(match.sourceName()))) {
                Why why = ignoredOnSource.contains(column.name())
                        ? Why.IGNORED
                        : computed.stream().anyMatch(each -> uses(each.expression(), column.name()))
                                ? Why.USED
                                : Why.UNMATCHED;
                outOfSource.add(new LeftOut(column, why, reason(why, column, "source")));
            }
        }
        for (Column column : target.columns()) {
            if (all.stream().noneMatch(match -> match.target().equals(column))) {
                Why why = ignoredOnTarget.contains(column.name()) ? Why.IGNORED : Why.UNMATCHED;
                outOfTarget.add(new LeftOut(column, why, reason(why, column, "target")));
            }
        }
    }

    private Optional<Why> why(Match match) {
        String sourceName = match.sourceName();
        boolean onSource = sourceName != null && ignoredOnSource.contains(sourceName);
        if (onSource || ignoredOnTarget.contains(match.target().name())) {
            return Optional.of(Why.IGNORED);
        }
        return match.source().readable() && match.target().readable() ? Optional.empty() : Optional.of(Why.UNREADABLE);
    }

    private static boolean uses(String expression, String column) {
        return Pattern.compile("(?<![\\w\"])\"?" + Pattern.quote(column) + "\"?(?![\\w\"])", Pattern.CASE_INSENSITIVE)
                .matcher(expression)
                .find();
    }

    private String reason(Why why, Column column, String side) {
        boolean onSource = side.equals("source");
        return switch (why) {
            case UNREADABLE ->
                column.readable()
                        ? "Its counterpart on the " + (onSource ? "target" : "source") + " may not be read."
                        : "Permission denied on the " + side + " (42501). Grant SELECT on it to the verifying role.";
            case UNMATCHED -> "only on the " + side;
            case IGNORED -> "Excluded by --ignore-column.";
            case USED -> "Compared through an expression of --map-column.";
        };
    }

    private static Map<String, String> sourceNames(List<Match> compared) {
        Map<String, String> names = new HashMap<>();
        for (Match match : compared) {
            String own = match.sourceName();
            if (own != null) {
                names.put(own, match.target().name());
            }
        }
        return names;
    }

    private static Map<String, String> targetNames(List<Match> compared) {
        Map<String, String> names = new HashMap<>();
        compared.forEach(
                match -> names.put(match.target().name(), match.target().name()));
        return names;
    }

    /** Keys of which all columns are compared as they are stored, under their new names. */
    private static List<List<String>> keys(Table table, Map<String, String> names) {
        return table.keys().stream()
                .filter(key -> names.keySet().containsAll(key))
                .map(key -> key.stream()
                        .map(column -> names.getOrDefault(column, column))
                        .toList())
                .toList();
    }

    private String projection(List<Match> compared) {
        boolean asStored =
                compared.stream().allMatch(match -> match.target().name().equals(match.sourceName()));
        if (asStored) {
            return "";
        }
        StringBuilder select = new StringBuilder("SELECT ctid");
        // The line's end ends a comment at the end of an expression.
        compared.forEach(match -> select.append(", (")
                .append(match.sql())
                .append("\n) AS ")
                .append(match.target().quoted()));
        return select.append(" FROM ").append(source.stored()).toString();
    }
}
