package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/** Counts in how many changed rows each column differs, from hashes of single columns. Used by one thread. */
final class ColumnCounter {
    private static final int ROWS_FETCHED_AT_ONCE = 1_000;

    private final TablePlan plan;
    private final RowSearch.On source;
    private final RowSearch.On target;
    private final long[] counts;
    private long rows;

    ColumnCounter(TablePlan plan, RowSearch.On source, RowSearch.On target) {
        this.plan = plan;
        this.source = source;
        this.target = target;
        this.counts = new long[plan.columns().size()];
    }

    private record Hashes(long locator, long hash, List<Long> columns) {}

    /** The counts of those groups that are one row on each side. */
    ColumnChanges count(List<Group> groups, long changed) throws ReadFailedException, InterruptedException {
        List<Group> single = groups.stream()
                .filter(group -> group.source().size() == 1 && group.target().size() == 1)
                .toList();
        for (int i = 0; i < single.size(); i += ROWS_FETCHED_AT_ONCE) {
            List<Group> some = single.subList(i, Math.min(single.size(), i + ROWS_FETCHED_AT_ONCE));
            Map<Long, Hashes> left = fetch(
                    source,
                    some.stream().map(group -> group.source().getFirst()).toList());
            Map<Long, Hashes> right = fetch(
                    target,
                    some.stream().map(group -> group.target().getFirst()).toList());
            for (Group group : some) {
                Hashes one = left.get(group.locator());
                Hashes other = right.get(group.locator());
                if (one != null && other != null) {
                    add(one.columns(), other.columns());
                }
            }
        }
        List<ColumnChanges.Count> columns = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                columns.add(new ColumnChanges.Count(plan.columns().get(i).name(), counts[i]));
            }
        }
        columns.sort(Comparator.comparingLong(ColumnChanges.Count::rows).reversed());
        return new ColumnChanges(rows, rows == changed, columns);
    }

    private void add(List<Long> one, List<Long> other) {
        rows++;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += one.get(i).equals(other.get(i)) ? 0 : 1;
        }
    }

    private Map<Long, Hashes> fetch(RowSearch.On on, List<Located> located)
            throws ReadFailedException, InterruptedException {
        Map<Long, Long> wanted = new HashMap<>();
        located.forEach(row -> wanted.put(row.locator(), row.hash()));
        String sql = plan.hashes(
                on.table(), located.stream().map(Located::place).toList(), List.copyOf(wanted.keySet()), on.heap());
        Map<Long, Hashes> fetched = new HashMap<>();
        on
                .snapshot()
                .read(session -> session.list(
                        sql,
                        row -> new Hashes(row.getLong(1), row.getLong(2), List.of((Long[])
                                row.getArray(3).getArray()))))
                .stream()
                .filter(hashes -> Long.valueOf(hashes.hash()).equals(wanted.get(hashes.locator())))
                .forEach(hashes -> fetched.put(hashes.locator(), hashes));
        return fetched;
    }
}
