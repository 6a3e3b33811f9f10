package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgrehearse.verifier.chunk.BucketSums;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Scan;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.rows.Findings;
import org.pgrehearse.verifier.rows.RowSearch;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * Compares a pair of tables in one pass over each side that sums the rows by buckets of their locators, then searches
 * the buckets that differ. Depends on no order, collation or key.
 */
final class BucketPass {
    private static final int ROWS_PER_BUCKET = 2_000;
    private static final int BUCKETS_MAX = 4_096;
    private static final long ROWS_PER_MERGE_MIN = 100_000;
    private static final long ROWS_PER_MERGE_MAX = 2_000_000;
    private static final int MERGES_MAX = 16;
    private static final String KEYED = "hash-buckets";
    private static final String KEYLESS = "multiset";

    private final Sides sides;
    private final TablePlan plan;
    private final Reads reads;

    /** What outlives an interruption: into how many buckets rows are summed, and what each side has read. */
    record Memory(int buckets, Scan.Memory source, Scan.Memory target) {}

    BucketPass(Sides sides, TablePlan plan, Reads reads) {
        this.sides = sides;
        this.plan = plan;
        this.reads = reads;
    }

    static String name(TablePlan plan) {
        return plan.keyed() ? KEYED : KEYLESS;
    }

    /** How many buckets suit so many rows. */
    int buckets() {
        return buckets(sides.rowsGuess());
    }

    Reading run(Memory memory, Parallel parallel) throws ReadFailedException, InterruptedException {
        int buckets = memory.buckets();
        Callable<BucketSums> left = () -> scan(sides.source(), buckets, memory.source(), parallel);
        Callable<BucketSums> right = () -> scan(sides.target(), buckets, memory.target(), parallel);
        List<BucketSums> sums = parallel.all(List.of(left, right));
        BucketSums ofSource = sums.get(0);
        BucketSums ofTarget = sums.get(1);
        List<Integer> differing = ofSource.differing(ofTarget);
        if (differing.isEmpty()) {
            return Reading.same(name(plan), ofSource.rows());
        }
        List<List<Integer>> batches =
                batches(differing, ofSource, ofTarget, sides.source().snapshot().connections());
        Findings findings = new RowSearch(
                        plan,
                        new Slice.Whole(),
                        sides.source().searched(),
                        sides.target().searched(),
                        reads.maxDifferences())
                .search(batches, buckets, parallel);
        return Reading.different(name(plan), ofSource.rows(), ofTarget.rows(), findings);
    }

    private BucketSums scan(Sides.One side, int buckets, Scan.Memory memory, Parallel parallel)
            throws ReadFailedException, InterruptedException {
        Scan.Reader reader = new Scan.Reader(
                side.brake(),
                reads.pace().chunkTime(),
                reads.nanos(),
                (rows, share) -> reads.read(sides, rows, share * side.size().bytes()));
        return new Scan(side.snapshot(), plan, side.table(), side.size(), buckets, reader, memory).run(parallel);
    }

    static int buckets(long rows) {
        return Integer.highestOneBit(Math.clamp(rows / ROWS_PER_BUCKET, 1, BUCKETS_MAX));
    }

    /**
     * Buckets to be searched together. Each batch costs a pass over the table, so there are few; each sorts its rows on
     * the servers, so it is bounded where that does not make too many.
     */
    static List<List<Integer>> batches(List<Integer> differing, BucketSums source, BucketSums target, int connections) {
        long all = differing.stream()
                .mapToLong(bucket -> larger(bucket, source, target))
                .sum();
        long fair = Math.clamp(all / connections + 1, ROWS_PER_MERGE_MIN, ROWS_PER_MERGE_MAX);
        long limit = Math.max(fair, all / MERGES_MAX + 1);
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        long rows = 0;
        for (int bucket : differing) {
            long more = larger(bucket, source, target);
            if (!batch.isEmpty() && rows + more > limit) {
                batches.add(List.copyOf(batch));
                batch.clear();
                rows = 0;
            }
            batch.add(bucket);
            rows += more;
        }
        batches.add(List.copyOf(batch));
        return batches;
    }

    private static long larger(int bucket, BucketSums source, BucketSums target) {
        return Math.max(source.rows(bucket), target.rows(bucket));
    }
}
