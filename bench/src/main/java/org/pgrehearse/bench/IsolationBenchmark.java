package org.pgrehearse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.TransactionHistory;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * How many transactions a second the search for isolation anomalies takes: reading them in, ordering the versions,
 * sessions, cycles. Four actions each, half of them reads of lists of up to 100 values, ten keys at a time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class IsolationBenchmark {
    private static final int TRANSACTIONS = 200_000;
    private static final int ACTIONS = 4;
    private static final int KEYS_AT_A_TIME = 10;
    private static final int VALUES_PER_KEY_MAX = 100;
    private static final int PROCESSES = 20;

    /** Whether every transaction saw the lists as they were a moment before, which makes circles. */
    @Param({"false", "true"})
    public boolean skewed;

    private List<Event.Transaction> history = List.of();

    /** A history over lists that are retired when they are full. */
    @Setup(Level.Trial)
    public void record() {
        Random random = new Random(42);
        List<Event.Transaction> events = new ArrayList<>(TRANSACTIONS);
        long[] keys = new long[KEYS_AT_A_TIME];
        List<List<Long>> lists = new ArrayList<>();
        for (int i = 0; i < KEYS_AT_A_TIME; i++) {
            keys[i] = i;
            lists.add(new ArrayList<>());
        }
        long nextKey = KEYS_AT_A_TIME;
        for (int i = 0; i < TRANSACTIONS; i++) {
            List<Action> actions = new ArrayList<>(ACTIONS);
            for (int action = 0; action < ACTIONS; action++) {
                int slot = random.nextInt(KEYS_AT_A_TIME);
                List<Long> list = lists.get(slot);
                if (action < ACTIONS / 2) {
                    int missed = skewed && random.nextInt(1_000) == 0 ? 1 : 0;
                    actions.add(new Action.ReadList(keys[slot], list.subList(0, Math.max(0, list.size() - missed))));
                } else {
                    list.add((long) i * ACTIONS + action);
                    actions.add(new Action.Append(keys[slot], (long) i * ACTIONS + action));
                }
                if (list.size() >= VALUES_PER_KEY_MAX) {
                    keys[slot] = nextKey++;
                    lists.set(slot, new ArrayList<>());
                }
            }
            long at = i * 1_000L;
            events.add(new Event.Transaction(
                    at + 900,
                    "bench",
                    i % PROCESSES,
                    at,
                    at,
                    at + 900,
                    Outcome.ACKNOWLEDGED,
                    Side.SOURCE,
                    Isolation.SERIALIZABLE,
                    actions));
        }
        history = List.copyOf(events);
    }

    /** Transactions judged a second. */
    @Benchmark
    @OperationsPerInvocation(TRANSACTIONS)
    public Anomalies judge() {
        TransactionHistory judged = new TransactionHistory();
        history.forEach(judged::add);
        return judged.judge();
    }
}
