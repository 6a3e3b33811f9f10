package org.pgrehearse.verifier.compare;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.pgrehearse.verifier.chunk.KeyRanges.Range;
import org.pgrehearse.verifier.rows.Findings;

/**
 * What was found in the ranges of one table so far. Differences are listed from the lowest keys up, whatever order the
 * ranges are done in, and no more of them are kept than will be shown. Safe for use by many threads.
 */
final class RangeLedger {
    private final int listedMax;
    private final BiConsumer<Range, Reading> keeper;
    private final BitSet done = new BitSet();
    private final TreeMap<Integer, Findings> listed = new TreeMap<>();
    private Reading sum = Reading.same(RangePass.NAME, 0);
    private int intervals;

    /** An empty ledger that hands each new entry to a keeper. */
    RangeLedger(int listedMax, BiConsumer<Range, Reading> keeper) {
        this.listedMax = listedMax;
        this.keeper = keeper;
    }

    /** The intervals that need not be read any more. */
    synchronized BitSet done() {
        return (BitSet) done.clone();
    }

    /** Takes in a range that was read now. */
    void add(Range range, Reading reading) {
        restore(range, reading);
        keeper.accept(range, reading);
    }

    /** Takes in a range that was read before. */
    synchronized void restore(Range range, Reading reading) {
        if (done.get(range.first(), range.end()).cardinality() > 0) {
            throw new IllegalStateException("an interval was compared twice: " + range);
        }
        done.set(range.first(), range.end());
        intervals += range.end() - range.first();
        sum = sum.and(reading, 0);
        if (!reading.findings().listed().isEmpty()) {
            listed.put(range.first(), reading.findings());
            forgetBeyondMax();
        }
    }

    private void forgetBeyondMax() {
        int kept = listed.values().stream()
                .mapToInt(found -> found.listed().size())
                .sum();
        while (listed.size() > 1
                && kept - listed.lastEntry().getValue().listed().size() >= listedMax) {
            kept -= listed.pollLastEntry().getValue().listed().size();
        }
    }

    /** How many differences of this range may still be shown, after those of lower keys. */
    synchronized int roomBefore(Range range) {
        int before = listed.headMap(range.first()).values().stream()
                .mapToInt(found -> found.listed().size())
                .sum();
        return Math.max(0, listedMax - before);
    }

    /** All ranges together, once all intervals are done. */
    synchronized Reading sum(int all) {
        if (intervals != all) {
            throw new IllegalStateException(intervals + " of " + all + " intervals were compared");
        }
        Findings shown = Findings.none();
        for (Map.Entry<Integer, Findings> entry : listed.entrySet()) {
            shown = shown.and(entry.getValue(), listedMax);
        }
        return new Reading(
                sum.plan(),
                sum.sourceRows(),
                sum.targetRows(),
                sum.findings().listing(shown.listed()),
                sum.contradiction());
    }
}
