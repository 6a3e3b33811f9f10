package org.pgrehearse.verifier.live;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;

/**
 * Which differences of one table are proven and which a change may explain.
 *
 * @param proven differences that no change explains, by what tells their rows from others
 * @param doubts what tells the rows apart that differ and changed
 * @param unlisted differences beyond those that are looked at one by one, all of them in doubt
 * @param copying whether the first copy of the table may have been going on
 */
record Attribution(
        Map<List<String>, List<RowDifference>> proven, Set<List<String>> doubts, long unlisted, boolean copying) {
    Attribution {
        proven = new LinkedHashMap<>(proven);
        doubts = Set.copyOf(doubts);
    }

    /** What is known of a table whose differences were held against the changes. */
    static Attribution of(TableComparison table, Suspects suspects, boolean copying) {
        Map<List<String>, List<RowDifference>> proven = new LinkedHashMap<>();
        Set<List<String>> doubts = new HashSet<>();
        for (RowDifference difference : table.differences()) {
            List<String> row = Suspects.identity(difference);
            if (copying || suspects.explained(difference)) {
                doubts.add(row);
            } else {
                proven.computeIfAbsent(row, key -> new ArrayList<>()).add(difference);
            }
        }
        long listed = table.differences().stream().mapToLong(Attribution::rows).sum();
        long all = table.missing() + table.unexpected() + table.changed();
        return new Attribution(proven, doubts, Math.max(0, all - listed), copying);
    }

    /** Whether something is left to be looked at again. */
    boolean doubtful() {
        return unresolved() > 0;
    }

    /** Differing rows in doubt. */
    long unresolved() {
        return doubts.size() + unlisted;
    }

    /**
     * The same after another look under new snapshots.
     *
     * @param again what that look found
     * @param later which of its differences are proven; null when it found none
     */
    Attribution then(TableComparison again, @Nullable Attribution later) {
        boolean unread =
                again.verdict() == Verdict.INCONCLUSIVE && again.columns().isEmpty();
        if (unread) {
            return this;
        }
        if (later == null) {
            return new Attribution(proven, Set.of(), 0, false);
        }
        Map<List<String>, List<RowDifference>> both = new LinkedHashMap<>(proven);
        later.proven.forEach(both::putIfAbsent);
        Set<List<String>> left = new HashSet<>(doubts);
        if (later.unlisted > 0) {
            left.removeAll(later.proven.keySet());
            return new Attribution(both, left, unlisted, copying);
        }
        // What was not listed before, and still differs, is listed now.
        Set<List<String>> still = new HashSet<>(later.doubts);
        if (unlisted == 0) {
            still.retainAll(left);
        }
        return new Attribution(both, still, 0, later.copying);
    }

    /** The table's result: what is proven counts, and doubt is neither a difference nor agreement. */
    TableComparison result(TableComparison table, int listedMax) {
        List<RowDifference> differences =
                proven.values().stream().flatMap(List::stream).toList();
        boolean skipped = table.columns().stream().anyMatch(column -> column.status() == ColumnCoverage.Status.SKIPPED);
        Verdict verdict = !differences.isEmpty()
                ? Verdict.DIVERGENT
                : doubtful() || skipped ? Verdict.INCONCLUSIVE : Verdict.CONSISTENT;
        return new TableComparison(
                table.source(),
                table.target(),
                verdict,
                table.digest(),
                table.plan(),
                table.sourceRows(),
                table.targetRows(),
                count(differences, Kind.MISSING),
                count(differences, Kind.UNEXPECTED),
                count(differences, Kind.CHANGED),
                differences.size() > listedMax,
                differences.stream().limit(listedMax).toList(),
                verdict == Verdict.INCONCLUSIVE ? reason() : null,
                table.columns(),
                ColumnChanges.none());
    }

    private String reason() {
        if (copying) {
            return "Cannot decide: the first copy of this table is not finished, or was not when the comparison began."
                    + " Run again when it is.";
        }
        return doubtful()
                ? "Cannot decide: " + unresolved() + " rows differ that changed while they were on their way, in every"
                        + " round. Run again, with more rounds or at a quieter time."
                : "Cannot compare all columns of this table. Those that could be compared hold the same.";
    }

    private enum Kind {
        MISSING,
        UNEXPECTED,
        CHANGED
    }

    private static long count(List<RowDifference> differences, Kind kind) {
        return differences.stream()
                .filter(difference -> kind(difference) == kind)
                .mapToLong(Attribution::rows)
                .sum();
    }

    private static Kind kind(RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing _row -> Kind.MISSING;
            case RowDifference.Unexpected _row -> Kind.UNEXPECTED;
            case RowDifference.Changed _row -> Kind.CHANGED;
            case RowDifference.Occurrences row ->
                row.sourceCount() > row.targetCount() ? Kind.MISSING : Kind.UNEXPECTED;
        };
    }

    private static long rows(RowDifference difference) {
        return difference instanceof RowDifference.Occurrences row
                ? Math.abs(row.sourceCount() - row.targetCount())
                : 1;
    }
}
