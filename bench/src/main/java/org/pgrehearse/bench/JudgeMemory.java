package org.pgrehearse.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * How much heap an operation of a recording costs: the live heap after a collection once all events were taken in, and
 * the heap that the JVM was given ({@code -Xmx}) in which the judgement succeeded. The one argument is the number of
 * operations; every one has a row in both ledgers.
 *
 * <p>The operations are no lighter than real ones: two streams of tokens are mixed, starts, latencies, positions and
 * transaction ids are scattered, 64 sessions of three pools take turns, and once in a million operations all stall for
 * three seconds.
 */
public final class JudgeMemory {
    private static final int ROWS_PER_PAGE = 1_000;
    private static final long NANOS_BETWEEN = 20_000;
    private static final long STALL_EVERY = 1_000_000;
    private static final long STALLED = 150_000;
    private static final int SESSIONS = 64;
    private static final int STREAM_BITS = 44;
    private static final int PROBES_EVERY = 7;
    private static final String[] POOLS = {"web-1", "web-2", "batch"};

    private JudgeMemory() {}

    /** Takes the operations in, judges them, and prints bytes for an operation and operations a second. */
    public static void main(String[] arguments) {
        int operations = Integer.parseInt(arguments[0]);
        Judge judge = new Judge();
        long before = live();
        long started = System.nanoTime();
        judge.accept(new Event.RunOpened(
                0, Instant.EPOCH, "bench", "bench", "", 1, "", List.of("lost-writes = 0"), Map.of()));
        for (int i = 1; i <= operations; i++) {
            judge.accept(operation(i));
        }
        ledger(judge, Side.SOURCE, operations);
        ledger(judge, Side.TARGET, operations);
        judge.accept(new Event.RunClosed(operations * NANOS_BETWEEN, Event.Ending.COMPLETED, ""));
        long taken = System.nanoTime() - started;
        long held = live() - before;
        started = System.nanoTime();
        Judgement judgement = judge.judgement();
        long judged = System.nanoTime() - started;
        System.out.printf(
                Locale.ROOT,
                "%,d operations with both ledgers: %.1f bytes each held, %s, %,d lost; -Xmx %,d MiB, that is %.1f bytes"
                        + " each; read in %.2f s, judged in %.2f s, %,.0f operations/s in all%n",
                operations,
                (double) held / operations,
                judgement.verdict().word(),
                judgement.history().lost(),
                Runtime.getRuntime().maxMemory() >> 20,
                (double) Runtime.getRuntime().maxMemory() / operations,
                taken / 1e9,
                judged / 1e9,
                operations / ((taken + judged) / 1e9));
    }

    private static void ledger(Judge judge, Side side, int operations) {
        List<Event.LedgerRow> page = new ArrayList<>();
        for (int i = 1; i <= operations; i++) {
            page.add(new Event.LedgerRow(token(i), Side.SOURCE, xid(i), lsn(i)));
            if (page.size() == ROWS_PER_PAGE || i == operations) {
                judge.accept(new Event.LedgerPage(0, side, page));
                page.clear();
            }
        }
        judge.accept(new Event.LedgerRead(0, side, operations, true, ""));
    }

    private static Event operation(int i) {
        long intended = i * NANOS_BETWEEN;
        long started = intended + scatter(i, 1) % 200_000;
        long stall = i % STALL_EVERY < STALLED ? (STALLED - i % STALL_EVERY) * NANOS_BETWEEN : 0;
        long ended = started + 500_000 + scatter(i, 2) % 4_000_000 + stall;
        int session = (int) (scatter(i, 3) % SESSIONS);
        return new Event.Operation(
                ended,
                "shop",
                POOLS[session % POOLS.length],
                "place-order",
                true,
                token(i),
                intended,
                started,
                ended,
                Outcome.ACKNOWLEDGED,
                Side.SOURCE,
                xid(i),
                lsn(i),
                null,
                null,
                session % 2 == 0 ? "shop_web" : "shop_batch",
                20_000 + session * 37);
    }

    private static long token(int i) {
        int stream = i % PROBES_EVERY == 0 ? 2 : 1;
        return ((long) stream << STREAM_BITS) | i;
    }

    private static long xid(int i) {
        return 2L * i + scatter(i, 4) % 60;
    }

    private static String lsn(int i) {
        long position = 700L * i + scatter(i, 5) % 20_000;
        return Long.toHexString(position >>> 32) + "/" + Long.toHexString(position & 0xFFFFFFFFL);
    }

    /** A number of 31 bits that looks like chance and is the same each time. */
    private static long scatter(int i, int salt) {
        long mixed = (i * 0x9E3779B97F4A7C15L + salt) * 0xBF58476D1CE4E5B9L;
        return (mixed ^ (mixed >>> 31)) >>> 33;
    }

    /** The heap in use after a collection. */
    private static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
