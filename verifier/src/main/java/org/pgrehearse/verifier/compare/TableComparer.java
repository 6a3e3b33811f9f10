package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.Brake;
import org.pgrehearse.verifier.chunk.KeyCuts;
import org.pgrehearse.verifier.chunk.KeyProbe;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Scan;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.chunk.TableSize;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Compares the two tables of a pair in the way that suits them. What cannot be read makes the table inconclusive, here
 * and nowhere else.
 */
final class TableComparer {
    static final String ONE_SIDED = "count";
    private static final long PAGES_FOR_RANGES_MIN = 1_024;

    private final Database source;
    private final Database target;
    private final Digest digest;
    private final Reads reads;
    private final Parallel parallel;
    private final Checkpoint checkpoint;

    /** A side's snapshot, and what holds its readers back. */
    record Database(Snapshot snapshot, Brake brake) {}

    TableComparer(
            Database source, Database target, Digest digest, Reads reads, Parallel parallel, Checkpoint checkpoint) {
        this.source = source;
        this.target = target;
        this.digest = digest;
        this.reads = reads;
        this.parallel = parallel;
        this.checkpoint = checkpoint;
    }

    TableComparison compare(TablePair pair) throws InterruptedException {
        Optional<TableComparison> before = checkpoint.finished(pair);
        if (before.isPresent()) {
            reads.meter().read(pair.sourceName().toString(), 0, (double) pair.bytesEstimated());
            reads.meter().tableDone(pair.sourceName().toString());
            return before.get();
        }
        TableComparison result = compareNow(pair);
        checkpoint.finish(pair, result);
        return result;
    }

    private TableComparison compareNow(TablePair pair) throws InterruptedException {
        Table onSource = pair.source();
        Table onTarget = pair.target();
        Outcome outcome = new Outcome(pair, digest.kind());
        try {
            if (onSource != null && onTarget != null) {
                return compare(outcome, TablePlan.of(onSource, onTarget, digest), onSource, onTarget);
            }
            if (onSource != null) {
                long rows = count(source.snapshot(), onSource);
                return outcome.counted(ONE_SIDED, Verdict.DIVERGENT, rows, 0);
            }
            long rows = onTarget == null ? 0 : count(target.snapshot(), onTarget);
            return outcome.counted(ONE_SIDED, rows > 0 ? Verdict.DIVERGENT : Verdict.CONSISTENT, 0, rows);
        } catch (ReadFailedException e) {
            String name = (e.side() == Side.SOURCE ? pair.sourceName() : pair.targetName()).toString();
            return outcome.inconclusive("none", 0, 0, e.reason("table " + name));
        } finally {
            reads.meter().tableDone(pair.sourceName().toString());
        }
    }

    private static long count(Snapshot snapshot, Table table) throws ReadFailedException, InterruptedException {
        return snapshot.read(
                session -> session.first(counting(table), row -> row.getLong(1)).orElse(0L));
    }

    static String counting(Table table) {
        return "SELECT count(*) FROM " + table.from();
    }

    /** Whether a table is big enough to be worth a look at the order of its rows. */
    static boolean forRanges(long pages) {
        return pages >= PAGES_FOR_RANGES_MIN;
    }

    private TableComparison compare(Outcome outcome, TablePlan plan, Table onSource, Table onTarget)
            throws ReadFailedException, InterruptedException {
        Sides sides = sides(onSource, onTarget);
        reads.meter()
                .begin(
                        sides.name(),
                        outcome.pair().bytesEstimated(),
                        sides.source().size().bytes() + sides.target().size().bytes());
        Reading reading = read(outcome.pair(), plan, sides);
        Optional<String> rewrittenTarget = rewritten(sides.target());
        Optional<String> doubt =
                rewritten(sides.source()).or(() -> rewrittenTarget).or(reading::contradiction);
        return outcome.searched(plan, reading, doubt.orElse(null));
    }

    private Sides sides(Table onSource, Table onTarget) throws ReadFailedException, InterruptedException {
        Callable<Sides.One> left = () -> side(source, onSource);
        Callable<Sides.One> right = () -> side(target, onTarget);
        List<Sides.One> both = parallel.all(List.of(left, right));
        return new Sides(both.get(0), both.get(1));
    }

    private static Sides.One side(Database database, Table table) throws ReadFailedException, InterruptedException {
        TableSize size = database.snapshot().read(session -> TableSize.of(session, table));
        return new Sides.One(database.snapshot(), table, size, database.brake());
    }

    private Reading read(TablePair pair, TablePlan plan, Sides sides) throws ReadFailedException, InterruptedException {
        boolean big = forRanges(sides.source().size().pages());
        Optional<Checkpoint.Ranges> before = checkpoint.ranges(pair);
        Optional<KeyCuts> cuts = before.map(Checkpoint.Ranges::cuts);
        if (cuts.isEmpty() && big && plan.keyed()) {
            cuts = new KeyProbe(
                            source.snapshot(),
                            target.snapshot(),
                            sides.source().table(),
                            sides.target().table())
                    .cuts(plan, sides.source().size(), sides.target().size());
            if (cuts.isPresent()) {
                checkpoint.begin(pair, cuts.get());
            }
        }
        if (cuts.isEmpty()) {
            BucketPass pass = new BucketPass(sides, plan, reads);
            return pass.run(memory(pair, pass), parallel);
        }
        RangeLedger ledger =
                new RangeLedger(reads.maxDifferences(), (range, reading) -> checkpoint.add(pair, range, reading));
        before.ifPresent(ranges -> ranges.done().forEach(ledger::restore));
        return new RangePass(sides, plan, reads, cuts.get(), ledger).run(parallel);
    }

    private BucketPass.Memory memory(TablePair pair, BucketPass pass) {
        Checkpoint.Passes passes = checkpoint.passes(pair).orElseGet(() -> {
            checkpoint.begin(pair, pass.buckets());
            return Checkpoint.Passes.of(pass.buckets());
        });
        return new BucketPass.Memory(
                passes.buckets(), memory(pair, Side.SOURCE, passes), memory(pair, Side.TARGET, passes));
    }

    private Scan.Memory memory(TablePair pair, Side side, Checkpoint.Passes passes) {
        return new Scan.Memory(passes.of(side), read -> checkpoint.add(pair, side, read));
    }

    /** Why a table cannot be believed although it was read: its rows were not those of the snapshot. */
    private static Optional<String> rewritten(Sides.One side) throws ReadFailedException, InterruptedException {
        return side.snapshot().read(session -> TableSize.rewritten(session, side.table()))
                ? Optional.of("Cannot read table " + side.table().name() + " on "
                        + side.snapshot().side()
                        + " as it was: it was truncated or rewritten after the snapshot was taken. Run again.")
                : Optional.empty();
    }
}
