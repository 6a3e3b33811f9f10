package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.chunk.BucketSums;
import org.pgrehearse.verifier.chunk.KeyCuts;
import org.pgrehearse.verifier.chunk.KeyRanges;
import org.pgrehearse.verifier.chunk.KeyRanges.Range;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.rows.Findings;
import org.pgrehearse.verifier.rows.RowSearch;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * Compares a pair of tables range of keys by range of keys, both sides at once. A range whose sums differ is summed
 * once more by buckets, and only the buckets that differ are searched; where nearly all differ, the range is searched
 * at once. The first sums may tell rows apart that are equal, the second ones and the search do not.
 */
final class RangePass {
    static final String NAME = "key-range";

    private static final int ROWS_SEARCHED_AT_ONCE = 2_000;
    private static final int ROWS_PER_BUCKET = 500;
    private static final int BUCKETS_MAX = 1_024;
    private static final int DENSE_ONE_IN = 4;

    private final Sides sides;
    private final TablePlan plan;
    private final Reads reads;
    private final KeyCuts cuts;
    private final RangeLedger ledger;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean dense = new AtomicBoolean();

    RangePass(Sides sides, TablePlan plan, Reads reads, KeyCuts cuts, RangeLedger ledger) {
        this.sides = sides;
        this.plan = plan;
        this.reads = reads;
        this.cuts = cuts;
        this.ledger = ledger;
    }

    Reading run(Parallel parallel) throws ReadFailedException, InterruptedException {
        KeyRanges ranges =
                new KeyRanges(cuts.intervals(), ledger.done(), reads.pace().chunkTime());
        Callable<Boolean> worker = () -> compareAll(ranges, parallel);
        parallel.all(Stream.generate(() -> worker).limit(sides.connections()).toList());
        return ledger.sum(cuts.intervals());
    }

    private boolean compareAll(KeyRanges ranges, Parallel parallel) throws ReadFailedException, InterruptedException {
        Optional<Range> range = ranges.take();
        while (range.isPresent() && !stopped.get()) {
            try {
                ledger.add(range.get(), compare(range.get(), ranges, parallel));
            } catch (ReadFailedException e) {
                stopped.set(true);
                throw e;
            }
            range = ranges.take();
        }
        return true;
    }

    private Reading compare(Range range, KeyRanges ranges, Parallel parallel)
            throws ReadFailedException, InterruptedException {
        Slice slice = cuts.slice(range.first(), range.end());
        sides.source().brake().await();
        sides.target().brake().await();
        long started = reads.nanos().getAsLong();
        List<BucketSums> sums = sums(table -> plan.look(table, slice), 1, parallel);
        ranges.took(range, reads.nanos().getAsLong() - started);
        long sourceRows = sums.get(0).rows();
        long targetRows = sums.get(1).rows();
        double share = (range.end() - range.first()) / (double) cuts.intervals();
        reads.read(sides, sourceRows, share * sides.source().size().bytes());
        reads.read(sides, targetRows, share * sides.target().size().bytes());
        if (sums.get(0).differing(sums.get(1)).isEmpty()) {
            return Reading.same(NAME, sourceRows);
        }
        Findings findings = search(slice, Math.max(sourceRows, targetRows), ledger.roomBefore(range), parallel);
        if (plan.looksTwice() && findings.isEmpty() && sourceRows == targetRows) {
            return Reading.same(NAME, sourceRows);
        }
        return Reading.different(NAME, sourceRows, targetRows, findings);
    }

    private List<BucketSums> sums(Function<Table, String> sql, int buckets, Parallel parallel)
            throws ReadFailedException, InterruptedException {
        Callable<BucketSums> left = () -> sum(sides.source(), sql, buckets);
        Callable<BucketSums> right = () -> sum(sides.target(), sql, buckets);
        return parallel.all(List.of(left, right));
    }

    private BucketSums sum(Sides.One side, Function<Table, String> sql, int buckets)
            throws ReadFailedException, InterruptedException {
        BucketSums sums = new BucketSums(buckets);
        side.snapshot()
                .read(session -> session.list(
                        sql.apply(side.table()),
                        row -> BucketSums.Sum.of(row.getInt(1), row.getLong(2), row.getString(3))))
                .forEach(sums::add);
        return sums;
    }

    private Findings search(Slice slice, long rows, int listedMax, Parallel parallel)
            throws ReadFailedException, InterruptedException {
        RowSearch search = new RowSearch(
                plan, slice, sides.source().searched(), sides.target().searched(), listedMax);
        if (rows <= ROWS_SEARCHED_AT_ONCE || dense.get()) {
            return search.search(List.of(List.of(0)), 1, parallel);
        }
        int buckets = Integer.highestOneBit(Math.clamp(rows / ROWS_PER_BUCKET, 2, BUCKETS_MAX));
        List<BucketSums> sums = sums(table -> plan.scan(table, slice, buckets), buckets, parallel);
        List<Integer> differing = sums.get(0).differing(sums.get(1));
        dense.set(differing.size() * DENSE_ONE_IN > buckets);
        return differing.isEmpty() ? Findings.none() : search.search(List.of(differing), buckets, parallel);
    }
}
