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
 * the peak that the JVM was given ({@code -Xmx}) in which the judgement succeeded. The one argument is the number of
 * operations; every one has a row in both ledgers.
 */
public final class JudgeMemory {
    private static final int ROWS_PER_PAGE = 1_000;

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
        judge.accept(new Event.RunClosed(operations * 1_000L, Event.Ending.COMPLETED, ""));
        long taken = System.nanoTime() - started;
        long held = live() - before;
        started = System.nanoTime();
        Judgement judgement = judge.judgement();
        long judged = System.nanoTime() - started;
        System.out.printf(
                Locale.ROOT,
                "%,d operations with both ledgers: %.1f bytes each held, %s; -Xmx %,d MiB; read in %.2f s, judged in"
                        + " %.2f s, %,.0f operations/s in all%n",
                operations,
                (double) held / operations,
                judgement.verdict().word(),
                Runtime.getRuntime().maxMemory() >> 20,
                taken / 1e9,
                judged / 1e9,
                operations / ((taken + judged) / 1e9));
    }

    private static void ledger(Judge judge, Side side, int operations) {
        List<Event.LedgerRow> page = new ArrayList<>();
        for (int i = 1; i <= operations; i++) {
            page.add(new Event.LedgerRow(i, Side.SOURCE, i, "0/" + Integer.toHexString(i)));
            if (page.size() == ROWS_PER_PAGE || i == operations) {
                judge.accept(new Event.LedgerPage(0, side, page));
                page.clear();
            }
        }
        judge.accept(new Event.LedgerRead(0, side, operations, true, ""));
    }

    private static Event operation(int i) {
        long at = i * 1_000L;
        return new Event.Operation(
                at,
                "shop",
                "web-1",
                "place-order",
                true,
                i,
                at,
                at,
                at + 900,
                Outcome.ACKNOWLEDGED,
                Side.SOURCE,
                (long) i,
                "0/" + Integer.toHexString(i),
                null,
                null);
    }

    /** The heap in use after a collection. */
    private static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
