package org.pgrehearse.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.LedgerRow;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** How many operations a second the judgement of a recording takes, ledgers included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JudgeBenchmark {
    private static final int OPERATIONS = 200_000;
    private static final int ROWS_PER_PAGE = 1_000;
    private static final long NANOS_BETWEEN = 1_000_000;

    private List<Event> recording = List.of();

    /** A cutover without any finding. */
    @Setup(Level.Trial)
    public void record() {
        List<Event> events = new ArrayList<>();
        events.add(new Event.RunOpened(
                0, Instant.EPOCH, "bench", "bench", "", 1, "", List.of("lost-writes = 0"), Map.of()));
        List<LedgerRow> page = new ArrayList<>();
        List<Event> pages = new ArrayList<>();
        for (int i = 1; i <= OPERATIONS; i++) {
            long at = i * NANOS_BETWEEN;
            events.add(operation(i, at));
            page.add(new LedgerRow(i, Side.SOURCE, i, "0/" + Integer.toHexString(i)));
            if (page.size() == ROWS_PER_PAGE) {
                pages.add(new Event.LedgerPage(at, Side.SOURCE, page));
                page.clear();
            }
        }
        events.addAll(pages);
        long end = OPERATIONS * NANOS_BETWEEN;
        events.add(new Event.LedgerRead(end, Side.SOURCE, OPERATIONS, true, ""));
        events.add(new Event.RunClosed(end, Event.Ending.COMPLETED, ""));
        recording = List.copyOf(events);
    }

    private static Event operation(int i, long at) {
        @Nullable String none = null;
        return new Event.Operation(
                at,
                "shop",
                "web-1",
                "place-order",
                true,
                i,
                at,
                at,
                at + NANOS_BETWEEN,
                Outcome.ACKNOWLEDGED,
                Side.SOURCE,
                (long) i,
                "0/" + Integer.toHexString(i),
                none,
                none);
    }

    /** Operations judged a second. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public Judgement judge() {
        return Judge.judge(recording);
    }
}
