package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.RowReader;
import org.pgrehearse.verifier.snapshot.RowStream;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Finds the rows that differ inside the buckets that differ. First it merges locators and hashes, a few bytes a row,
 * counting everything; then it fetches the values of those few that are to be listed. Memory grows with what is listed,
 * not with what differs.
 */
public final class RowSearch {
    private static final int ROWS_FETCHED_AT_ONCE = 100;
    private static final int ROWS_COUNTED_BY_COLUMN_MAX = 10_000;
    private static final RowReader<Located> LOCATED =
            row -> new Located(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4));

    private final TablePlan plan;
    private final Slice slice;
    private final On source;
    private final On target;
    private final int differencesMax;

    /** One side of the search: its snapshot, its table, and whether rows have addresses there. */
    public record On(Snapshot snapshot, Table table, boolean heap) {
        /** Whether the server's texts may hold any bytes. */
        boolean rawText() {
            return snapshot.server().encoding().equals("SQL_ASCII");
        }
    }

    /** A search within a slice that lists at most so many differences. */
    public RowSearch(TablePlan plan, Slice slice, On source, On target, int differencesMax) {
        this.plan = plan;
        this.slice = slice;
        this.source = source;
        this.target = target;
        this.differencesMax = differencesMax;
    }

    /**
     * Searches these buckets, batch beside batch.
     *
     * @param batches buckets to be read together
     * @param buckets how many there are in all
     */
    public Findings search(List<List<Integer>> batches, int buckets, Parallel parallel)
            throws ReadFailedException, InterruptedException {
        long missing = 0;
        long unexpected = 0;
        long changed = 0;
        List<Group> remembered = new ArrayList<>();
        List<Callable<Tally>> merges = batches.stream()
                .<Callable<Tally>>map(batch -> () -> merge(batch, buckets, remembered(batches.size())))
                .toList();
        for (Tally tally : parallel.all(merges)) {
            missing += tally.missing();
            unexpected += tally.unexpected();
            changed += tally.changed();
            remembered.addAll(tally.remembered());
        }
        List<RowDifference> listed = list(remembered.subList(0, Math.min(remembered.size(), differencesMax)));
        ColumnChanges columns = plan.keyed()
                ? new ColumnCounter(plan, source, target).count(remembered, changed)
                : ColumnChanges.none();
        boolean truncated = plan.keyed()
                ? listed.size() < missing + unexpected + changed
                : occurrences(listed) < missing + unexpected;
        return new Findings(missing, unexpected, changed, truncated, listed, columns);
    }

    /** Rows that each of so many merges remembers: enough for the list whichever finds them, and a share to count. */
    private int remembered(int merges) {
        int share = plan.keyed() && differencesMax > 0 ? ROWS_COUNTED_BY_COLUMN_MAX / merges : 0;
        return Math.max(differencesMax, share);
    }

    private static long occurrences(List<RowDifference> listed) {
        long occurrences = 0;
        for (RowDifference difference : listed) {
            if (difference instanceof RowDifference.Occurrences row) {
                occurrences += Math.abs(row.sourceCount() - row.targetCount());
            }
        }
        return occurrences;
    }

    /** Every merge takes a connection of the source first, then one of the target, so that none waits in a circle. */
    private Tally merge(List<Integer> batch, int buckets, int remembered)
            throws ReadFailedException, InterruptedException {
        return source.snapshot()
                .read(from -> target.snapshot().read(to -> {
                    Tally tally = new Tally(plan.keyed(), remembered);
                    try (RowStream<Located> left =
                                    from.stream(plan.rows(source.table(), slice, batch, buckets), LOCATED);
                            RowStream<Located> right =
                                    to.stream(plan.rows(target.table(), slice, batch, buckets), LOCATED)) {
                        new Merge(
                                        () -> left.next().orElse(null),
                                        () -> right.next().orElse(null))
                                .run(tally);
                    }
                    return tally;
                }));
    }

    private List<RowDifference> list(List<Group> groups) throws ReadFailedException, InterruptedException {
        List<RowDifference> listed = new ArrayList<>();
        Naming naming = new Naming(plan, new RegionSearch(plan, source, target));
        for (int i = 0; i < groups.size(); i += ROWS_FETCHED_AT_ONCE) {
            List<Group> some = groups.subList(i, Math.min(groups.size(), i + ROWS_FETCHED_AT_ONCE));
            Map<Long, List<FullRow>> left = fetch(
                    source,
                    some.stream().flatMap(group -> group.source().stream()).toList());
            Map<Long, List<FullRow>> right = fetch(
                    target,
                    some.stream().flatMap(group -> group.target().stream()).toList());
            for (Group group : some) {
                listed.addAll(naming.differences(
                        group,
                        left.getOrDefault(group.locator(), List.of()),
                        right.getOrDefault(group.locator(), List.of())));
            }
        }
        listed.sort(new KeyOrder());
        return listed.size() > differencesMax ? listed.subList(0, differencesMax) : listed;
    }

    private Map<Long, List<FullRow>> fetch(On on, List<Located> rows) throws ReadFailedException, InterruptedException {
        Map<Long, List<FullRow>> fetched = new HashMap<>();
        if (rows.isEmpty()) {
            return fetched;
        }
        List<String> places = rows.stream().map(Located::place).toList();
        List<Long> locators = rows.stream().map(Located::locator).distinct().toList();
        on.snapshot()
                .read(session ->
                        session.list(plan.values(on.table(), places, locators, on.heap(), on.rawText()), FullRow::read))
                .forEach(row -> fetched.computeIfAbsent(row.locator(), locator -> new ArrayList<>())
                        .add(row));
        return fetched;
    }
}
