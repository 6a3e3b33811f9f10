package org.pgrehearse.verifier.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The pages of one table on one side that were summed so far, and their sums. What is handed to the keeper is of one
 * moment: every page of it is in the sums, and no other. Safe for use by many threads.
 */
public final class PassLedger {
    private static final int KEPT_TIMES_MAX = 64;

    private final BucketSums sums;
    private final TreeMap<Long, Slice.Pages> done = new TreeMap<>();
    private final long keptEvery;
    private final Consumer<Pass> keeper;
    private long sinceKept;

    /** A part of a pass: page ranges that do not overlap, and the sums of the rows in them that have any. */
    public record Pass(List<Slice.Pages> done, List<BucketSums.Sum> sums) {
        /** Nothing was read yet. */
        public static final Pass NONE = new Pass(List.of(), List.of());

        public Pass {
            done = List.copyOf(done);
            sums = List.copyOf(sums);
        }
    }

    /** Goes on after a part of a pass over a table of so many pages; the keeper hears of a bounded number of parts. */
    public PassLedger(long pages, int buckets, Pass before, Consumer<Pass> keeper) {
        this.sums = new BucketSums(buckets);
        this.keptEvery = pages / KEPT_TIMES_MAX + 1;
        this.keeper = keeper;
        before.sums().forEach(sums::add);
        before.done().forEach(this::mark);
    }

    /** The page ranges that need not be read any more. */
    public synchronized List<Slice.Pages> done() {
        return List.copyOf(done.values());
    }

    /** The sums of everything that was read. */
    public BucketSums sums() {
        return sums;
    }

    synchronized void add(Slice slice, List<BucketSums.Sum> found) {
        found.forEach(sums::add);
        if (slice instanceof Slice.Pages pages) {
            mark(pages);
            sinceKept += pages.end() - pages.first();
            if (sinceKept >= keptEvery) {
                sinceKept = 0;
                keeper.accept(new Pass(done(), sums.parts()));
            }
        }
    }

    private void mark(Slice.Pages pages) {
        Map.Entry<Long, Slice.Pages> below = done.floorEntry(pages.first());
        Map.Entry<Long, Slice.Pages> above = done.ceilingEntry(pages.first());
        if ((below != null && below.getValue().reaches(pages.first()))
                || (above != null && pages.reaches(above.getKey()))) {
            throw new IllegalStateException("pages were summed twice: " + pages);
        }
        List<Slice.Pages> touching = new ArrayList<>(List.of(pages));
        if (below != null && below.getValue().end() == pages.first()) {
            touching.addFirst(done.remove(below.getKey()));
        }
        if (above != null && !pages.last() && above.getKey() == pages.end()) {
            touching.add(done.remove(above.getKey()));
        }
        long first = touching.getFirst().first();
        done.put(
                first,
                new Slice.Pages(
                        first, touching.getLast().end(), touching.getLast().last()));
    }
}
