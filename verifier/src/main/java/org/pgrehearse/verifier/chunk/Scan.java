package org.pgrehearse.verifier.chunk;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** One pass over a table on one side, by page ranges on several connections where the server can. */
public final class Scan {
    private static final int FIRST_WITH_PAGE_RANGES = 14;
    private static final long PAGES_AT_ONCE_MAX = 2_048;

    private final Snapshot snapshot;
    private final TablePlan plan;
    private final Table table;
    private final TableSize size;
    private final int buckets;
    private final LongConsumer rowsRead;
    private final AtomicBoolean failed = new AtomicBoolean();

    /** A pass that tells how many rows each of its statements read. */
    public Scan(Snapshot snapshot, TablePlan plan, Table table, TableSize size, int buckets, LongConsumer rowsRead) {
        this.snapshot = snapshot;
        this.plan = plan;
        this.table = table;
        this.size = size;
        this.buckets = buckets;
        this.rowsRead = rowsRead;
    }

    /** Reads the whole table. */
    public BucketSums run(Parallel parallel) throws ReadFailedException, InterruptedException {
        BucketSums sums = new BucketSums(buckets);
        boolean inRanges = size.heap()
                && size.pages() > PAGES_AT_ONCE_MAX
                && snapshot.server().major() >= FIRST_WITH_PAGE_RANGES;
        if (!inRanges) {
            read(new Slice.Whole(), sums);
            return sums;
        }
        PageRanges ranges = new PageRanges(size.pages(), snapshot.connections());
        Callable<Boolean> reader = () -> readAll(ranges, sums);
        parallel.all(Stream.generate(() -> reader).limit(snapshot.connections()).toList());
        return sums;
    }

    private boolean readAll(PageRanges ranges, BucketSums sums) throws ReadFailedException, InterruptedException {
        Optional<Slice> slice = ranges.take();
        while (slice.isPresent() && !failed.get()) {
            long started = System.nanoTime();
            read(slice.get(), sums);
            ranges.took(slice.get(), System.nanoTime() - started);
            slice = ranges.take();
        }
        return true;
    }

    private void read(Slice slice, BucketSums sums) throws ReadFailedException, InterruptedException {
        try {
            List<BucketSums.Sum> found = snapshot.read(session -> session.list(
                    plan.scan(table, slice, buckets),
                    row -> BucketSums.Sum.of(row.getInt(1), row.getLong(2), row.getString(3))));
            found.forEach(sums::add);
            rowsRead.accept(found.stream().mapToLong(BucketSums.Sum::count).sum());
        } catch (ReadFailedException e) {
            failed.set(true);
            throw e;
        }
    }
}
