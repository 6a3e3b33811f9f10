package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.chunk.PassLedger.Pass;
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
    private final Reader reader;
    private final Memory memory;
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * What all passes over tables of one side share.
     *
     * @param brake asked before each statement
     * @param chunkTime how long one statement should take
     * @param nanos the clock that statements are timed by
     * @param told what each statement read
     */
    public record Reader(Brake brake, Duration chunkTime, LongSupplier nanos, Told told) {}

    /** Told what a statement read: so many rows, in such a share of the table's pages, from 0 to 1. */
    @FunctionalInterface
    public interface Told {
        /** Called by several threads, and to be quick. */
        void read(long rows, double share);
    }

    /**
     * What outlives an interruption of one pass.
     *
     * @param before what was read before it
     * @param keeper takes what was read since, from time to time
     */
    public record Memory(Pass before, Consumer<Pass> keeper) {
        /** Nothing is kept. */
        public static final Memory NONE = new Memory(Pass.NONE, pass -> {});
    }

    /** A pass over one table. */
    public Scan(
            Snapshot snapshot, TablePlan plan, Table table, TableSize size, int buckets, Reader reader, Memory memory) {
        this.snapshot = snapshot;
        this.plan = plan;
        this.table = table;
        this.size = size;
        this.buckets = buckets;
        this.reader = reader;
        this.memory = memory;
    }

    /** Reads the whole table, but what was read before. */
    public BucketSums run(Parallel parallel) throws ReadFailedException, InterruptedException {
        boolean inRanges = size.heap()
                && size.pages() > PAGES_AT_ONCE_MAX
                && snapshot.server().major() >= FIRST_WITH_PAGE_RANGES;
        if (!inRanges) {
            PassLedger whole = new PassLedger(size.pages(), buckets, Pass.NONE, memory.keeper());
            read(new Slice.Whole(), whole);
            return whole.sums();
        }
        PassLedger ledger = new PassLedger(size.pages(), buckets, memory.before(), memory.keeper());
        PageRanges ranges = new PageRanges(size.pages(), snapshot.connections(), reader.chunkTime(), ledger.done());
        Callable<Boolean> one = () -> readAll(ranges, ledger);
        parallel.all(Stream.generate(() -> one).limit(snapshot.connections()).toList());
        return ledger.sums();
    }

    private boolean readAll(PageRanges ranges, PassLedger ledger) throws ReadFailedException, InterruptedException {
        Optional<Slice> slice = ranges.take();
        while (slice.isPresent() && !failed.get()) {
            long started = reader.nanos().getAsLong();
            read(slice.get(), ledger);
            ranges.took(slice.get(), reader.nanos().getAsLong() - started);
            slice = ranges.take();
        }
        return true;
    }

    private void read(Slice slice, PassLedger ledger) throws ReadFailedException, InterruptedException {
        try {
            reader.brake().await();
            List<BucketSums.Sum> found = snapshot.read(session -> session.list(
                    plan.scan(table, slice, buckets),
                    row -> BucketSums.Sum.of(row.getInt(1), row.getLong(2), row.getString(3))));
            ledger.add(slice, found);
            reader.told().read(found.stream().mapToLong(BucketSums.Sum::count).sum(), share(slice));
        } catch (ReadFailedException e) {
            failed.set(true);
            throw e;
        }
    }

    private double share(Slice slice) {
        return slice instanceof Slice.Pages(long first, long end, boolean _last)
                ? (Math.min(end, size.pages()) - first) / (double) size.pages()
                : 1;
    }
}
