package org.pgrehearse.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.pgrehearse.verifier.rows.Located;
import org.pgrehearse.verifier.rows.Merge;
import org.pgrehearse.verifier.rows.Tally;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * What the client does for each row of a bucket that differs: the merge of two streams of locators and hashes, beside
 * the least that any merge does, a walk over both arrays.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MergeBenchmark {
    private static final int ROWS = 10_000;
    private static final int REMEMBERED = 100;

    /** One row in so many differs; 0 for none. */
    @Param({"0", "1000", "2"})
    private int differsOneIn;

    private Located[] source = new Located[0];
    private Located[] target = new Located[0];

    /** Rows of both sides in the order of their locators. */
    @Setup(Level.Trial)
    public void make() {
        source = new Located[ROWS];
        target = new Located[ROWS];
        for (int i = 0; i < ROWS; i++) {
            source[i] = new Located(i * 1_000L, i, 1, "(0,1)");
            boolean differs = differsOneIn > 0 && i % differsOneIn == 0;
            target[i] = new Located(i * 1_000L, differs ? -1 : i, 1, "(0,1)");
        }
    }

    /** The merge, a row of each side. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long merge() throws ReadFailedException {
        Tally tally = new Tally(true, REMEMBERED);
        new Merge(rows(source), rows(target)).run(tally);
        return tally.changed();
    }

    /** The floor: a look at each row of each side. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long walk() {
        long changed = 0;
        for (int i = 0; i < ROWS; i++) {
            changed += source[i].locator() == target[i].locator() && source[i].hash() != target[i].hash() ? 1 : 0;
        }
        return changed;
    }

    private static Merge.Rows rows(Located[] rows) {
        int[] next = {0};
        return () -> next[0] == rows.length ? null : rows[next[0]++];
    }
}
