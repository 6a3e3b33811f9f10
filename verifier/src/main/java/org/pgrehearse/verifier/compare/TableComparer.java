package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.BucketSums;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Scan;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.chunk.TableSize;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.rows.Findings;
import org.pgrehearse.verifier.rows.RowSearch;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Compares the two tables of a pair: one pass over each side, then a search in the buckets that differ. What cannot be
 * read makes the table inconclusive, here and nowhere else.
 */
final class TableComparer {
    private static final int ROWS_PER_BUCKET = 2_000;
    private static final int BUCKETS_MAX = 4_096;
    private static final long ROWS_PER_MERGE_MIN = 100_000;
    private static final long ROWS_PER_MERGE_MAX = 2_000_000;
    private static final int MERGES_MAX = 16;
    private static final String ONE_SIDED = "count";

    private final Snapshot source;
    private final Snapshot target;
    private final Digest digest;
    private final int maxDifferences;
    private final Parallel parallel;
    private final ProgressMeter meter;

    TableComparer(
            Snapshot source,
            Snapshot target,
            Digest digest,
            int maxDifferences,
            Parallel parallel,
            ProgressMeter meter) {
        this.source = source;
        this.target = target;
        this.digest = digest;
        this.maxDifferences = maxDifferences;
        this.parallel = parallel;
        this.meter = meter;
    }

    TableComparison compare(TablePair pair) throws InterruptedException {
        Table onSource = pair.source();
        Table onTarget = pair.target();
        Outcome outcome = new Outcome(pair, digest.kind());
        try {
            if (onSource != null && onTarget != null) {
                return compare(outcome, TablePlan.of(onSource, onTarget, digest), onSource, onTarget);
            }
            if (onSource != null) {
                long rows = count(source, onSource);
                return outcome.counted(ONE_SIDED, Verdict.DIVERGENT, rows, 0);
            }
            long rows = onTarget == null ? 0 : count(target, onTarget);
            return outcome.counted(ONE_SIDED, rows > 0 ? Verdict.DIVERGENT : Verdict.CONSISTENT, 0, rows);
        } catch (ReadFailedException e) {
            String name = (e.side() == Side.SOURCE ? pair.sourceName() : pair.targetName()).toString();
            return outcome.inconclusive("none", 0, 0, e.reason("table " + name));
        } finally {
            meter.tableDone(pair.sourceName().toString());
        }
    }

    private static long count(Snapshot snapshot, Table table) throws ReadFailedException, InterruptedException {
        return snapshot.read(session -> session.first("SELECT count(*) FROM " + table.from(), row -> row.getLong(1))
                .orElse(0L));
    }

    private TableComparison compare(Outcome outcome, TablePlan plan, Table onSource, Table onTarget)
            throws ReadFailedException, InterruptedException {
        TableSize sourceSize = source.read(session -> TableSize.of(session, onSource));
        TableSize targetSize = target.read(session -> TableSize.of(session, onTarget));
        int buckets = buckets(Math.max(sourceSize.rowsGuess(), targetSize.rowsGuess()));
        Callable<BucketSums> left = () -> scan(source, plan, onSource, sourceSize, buckets);
        Callable<BucketSums> right = () -> scan(target, plan, onTarget, targetSize, buckets);
        List<BucketSums> sums = parallel.all(List.of(left, right));
        BucketSums ofSource = sums.get(0);
        BucketSums ofTarget = sums.get(1);
        List<Integer> differing = ofSource.differing(ofTarget);
        Findings findings = differing.isEmpty()
                ? Findings.none()
                : search(
                        plan,
                        new RowSearch.On(source, onSource, sourceSize.heap()),
                        new RowSearch.On(target, onTarget, targetSize.heap()),
                        batches(differing, ofSource, ofTarget, source.connections()),
                        buckets);
        Optional<String> rewrittenTarget = rewritten(target, onTarget);
        Optional<String> doubt = rewritten(source, onSource)
                .or(() -> rewrittenTarget)
                .or(() -> differing.isEmpty() ? Optional.empty() : contradiction(ofSource, ofTarget, findings));
        return outcome.searched(plan, ofSource.rows(), ofTarget.rows(), findings, doubt.orElse(null));
    }

    private Findings search(
            TablePlan plan, RowSearch.On left, RowSearch.On right, List<List<Integer>> batches, int buckets)
            throws ReadFailedException, InterruptedException {
        return new RowSearch(plan, left, right, maxDifferences).search(batches, buckets, parallel);
    }

    /** Why a table cannot be believed although it was read: its rows were not those of the snapshot. */
    private static Optional<String> rewritten(Snapshot snapshot, Table table)
            throws ReadFailedException, InterruptedException {
        return snapshot.read(session -> TableSize.rewritten(session, table))
                ? Optional.of("Cannot read table " + table.name() + " on " + snapshot.side()
                        + " as it was: it was truncated or rewritten after the snapshot was taken. Run again.")
                : Optional.empty();
    }

    private BucketSums scan(Snapshot snapshot, TablePlan plan, Table table, TableSize size, int buckets)
            throws ReadFailedException, InterruptedException {
        String name = table.name().toString();
        return new Scan(snapshot, plan, table, size, buckets, rows -> meter.rows(name, rows)).run(parallel);
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

    /** The two passes must tell the same story; if they do not, neither is believed. */
    private static Optional<String> contradiction(BucketSums source, BucketSums target, Findings findings) {
        boolean same = findings.isEmpty();
        boolean unbalanced = source.rows() - findings.missing() != target.rows() - findings.unexpected();
        return same || unbalanced
                ? Optional.of("Cannot decide: the sums of the rows differ, but the rows found one by one"
                        + " do not explain it."
                        + " Make sure that both snapshots are stable and run again.")
                : Optional.empty();
    }
}
