package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.RowDifference.Region;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.digest.Digest;

/** Makes the differences that a reader sees from the rows of a group. */
final class Naming {
    private final TablePlan plan;
    private final RegionSearch regions;

    Naming(TablePlan plan, RegionSearch regions) {
        this.plan = plan;
        this.regions = regions;
    }

    List<RowDifference> differences(Group group, List<FullRow> source, List<FullRow> target)
            throws InterruptedException {
        if (!plan.keyed()) {
            return source.stream()
                    .findFirst()
                    .or(() -> target.stream().findFirst())
                    .<RowDifference>map(row -> new RowDifference.Occurrences(
                            row.valueCells(plan.columns(), plan.charactersMax()),
                            group.sourceCount(),
                            group.targetCount()))
                    .stream()
                    .toList();
        }
        List<FullRow> left = only(source, group.source());
        List<FullRow> right = only(target, group.target());
        List<RowDifference> differences = new ArrayList<>();
        pair(left, right, true, differences);
        // The same hash with other bytes: equal keys that are written differently, such as 1.0 and 1.00.
        pair(left, right, false, differences);
        left.forEach(row -> differences.add(new RowDifference.Missing(row.keyCells(plan.key()))));
        right.forEach(row -> differences.add(new RowDifference.Unexpected(row.keyCells(plan.key()))));
        return differences;
    }

    /** Only the rows that differ: an address may hold another row of the same locator in another partition. */
    private static List<FullRow> only(List<FullRow> rows, List<Located> differing) {
        return new ArrayList<>(rows.stream()
                .filter(row -> differing.stream().anyMatch(located -> located.hash() == row.hash()))
                .toList());
    }

    private void pair(List<FullRow> source, List<FullRow> target, boolean sameText, List<RowDifference> differences)
            throws InterruptedException {
        for (Iterator<FullRow> rows = source.iterator(); rows.hasNext(); ) {
            FullRow row = rows.next();
            Optional<FullRow> other = target.stream()
                    .filter(candidate -> !sameText || candidate.key().equals(row.key()))
                    .findFirst();
            if (other.isPresent()) {
                rows.remove();
                target.remove(other.get());
                differences.add(new RowDifference.Changed(row.keyCells(plan.key()), changes(row, other.get())));
            }
        }
    }

    private List<ColumnChange> changes(FullRow source, FullRow target) throws InterruptedException {
        List<ColumnChange> changes = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
            if (!source.hashes().get(i).equals(target.hashes().get(i))) {
                changes.add(change(i, source, target));
            }
        }
        return changes;
    }

    /** The class of a change cannot be told from texts that were cut. */
    private ColumnChange change(int i, FullRow source, FullRow target) throws InterruptedException {
        Digest.Pair column = plan.columns().get(i);
        int max = plan.charactersMax();
        String left = source.shown(i, max, column.binary());
        String right = target.shown(i, max, column.binary());
        if (!source.cut(i, max) && !target.cut(i, max)) {
            return new ColumnChange(column.name(), left, right);
        }
        Region region = left == null || right == null
                ? null
                : regions.find(column, source, target).orElse(null);
        return new ColumnChange(column.name(), left, right, null, region);
    }
}
