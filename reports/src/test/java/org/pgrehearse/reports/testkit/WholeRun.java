package org.pgrehearse.reports.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.verifier.Verdict;

/** A whole rehearsal of one minute, as an engine would record it: load, sentinel, faults, a cutover at 31 s. */
public final class WholeRun {
    private static final double CUTOVER = 31_000;
    private static final double BACK = 32_400;
    private static final double END = 60_000;

    private final Random random = new Random(42);
    private final List<Event> events = new ArrayList<>();
    private final List<Event.LedgerRow> source = new ArrayList<>();
    private final List<Event.LedgerRow> target = new ArrayList<>();
    private final boolean faulty;
    private long token;

    private WholeRun(boolean faulty) {
        this.faulty = faulty;
    }

    /** A run in which everything went well. */
    public static List<Event> passing() {
        return new WholeRun(false)
                .events(
                        "lost-writes = 0",
                        "write-downtime < 2s",
                        "data = consistent",
                        "sequences = consistent",
                        "split-brain = no",
                        "leaked-writes = 0",
                        "write-p99 < 5s");
    }

    /** A run that lost writes and left rows behind; texts hold what a browser likes least. */
    public static List<Event> failing() {
        return new WholeRun(true)
                .events(
                        "lost-writes = 0",
                        "duplicated-writes = 0",
                        "unresolved-writes = 0",
                        "write-downtime < 1s",
                        "read-downtime < 1s",
                        "data = consistent",
                        "sequences = consistent",
                        "split-brain = no",
                        "leaked-writes = 0",
                        "write-p99 < 50ms",
                        "schema = divergent");
    }

    private List<Event> events(String... expectations) {
        events.add(new Event.RunOpened(
                0,
                Instant.parse("2026-01-02T03:04:05Z"),
                "0.1.0",
                "logical-cutover",
                "Logical replication from 15 to 17 with a fenced cutover under load",
                42,
                "name: logical-cutover\nsource: 15\ntarget: 17 # </script><b>\n",
                List.of(expectations),
                Map.of("java", "25.0.1", "os", "Linux 6.1 amd64", "cpus", "2")));
        events.add(new Event.EnvironmentFact(ms(300), "source server", "PostgreSQL 15.14"));
        events.add(new Event.EnvironmentFact(ms(300), "target server", "PostgreSQL 17.10"));
        course();
        load();
        sentinel();
        monitors();
        ledgers();
        events.add(new Event.Verified(
                ms(END - 500),
                faulty
                        ? Verifications.everything("</script><script>alert(1)</script>\u0000\u202e\"'&")
                        : Verifications.of(Verdict.CONSISTENT, Verdict.CONSISTENT)));
        events.add(new Event.RunClosed(ms(END), Event.Ending.COMPLETED, ""));
        return events;
    }

    private void course() {
        phase(500, "copy");
        phase(10_000, "steady load");
        phase(CUTOVER - 1_000, "cutover");
        phase(BACK + 1_500, "after");
        step(1_000, 9_000, "initial-copy", "Copy every table through the subscription", "12 tables, 560 MB");
        step(CUTOVER - 400, CUTOVER, "drain", "Wait until writes in flight have ended", "");
        step(CUTOVER, CUTOVER + 20, "fence", "Refuse writes on the source", "default_transaction_read_only");
        step(CUTOVER + 20, CUTOVER + 600, "catch-up", "Wait until the target has applied the fence", "0/5F21A8");
        step(CUTOVER + 600, BACK - 100, "sequences", "Set every sequence on the target", "7 sequences");
        step(BACK - 100, BACK, "switch", "Point the route at the target", "");
        events.add(new Event.Fenced(ms(CUTOVER + 20), Side.SOURCE, "0/5F21A8"));
        events.add(new Event.AuthorityMoved(ms(BACK - 50), Side.TARGET));
        if (faulty) {
            events.add(new Event.FaultAsked(
                    ms(14_990), "replication-link-slow", "bandwidth", "replication proxy", "64 KiB/s for 6 s"));
            events.add(new Event.FaultEdge(ms(14_996), "replication-link-slow", true, ms(14_991), ms(14_995)));
            events.add(new Event.FaultBit(ms(15_000), "replication-link-slow", "throughput fell to 63 KiB/s"));
            events.add(new Event.FaultHealed(ms(21_000), "replication-link-slow", true, "toxic removed"));
            events.add(new Event.FaultAsked(ms(44_990), "pool-reset", "reset-peer", "application proxy", "all"));
            events.add(new Event.FaultBit(ms(45_000), "pool-reset", "17 connections reset"));
            events.add(new Event.FaultHealed(ms(45_600), "pool-reset", true, "toxic removed"));
            events.add(new Event.Remark(ms(50_000), "Autovacuum ran on public.orders during the cutover."));
        }
    }

    private void load() {
        for (double at = 10_000; at < END - 2_000; at += 4) {
            boolean write = random.nextInt(3) > 0;
            double latency = 1.5 + Math.abs(random.nextGaussian()) * 1.2 + (random.nextInt(400) == 0 ? 30 : 0);
            boolean reset = faulty && at >= 45_000 && at < 45_600;
            if (write && at >= CUTOVER + 10 && at < BACK) {
                operation(true, at, Math.max(1, BACK - at + latency), Outcome.ACKNOWLEDGED, Side.TARGET, true);
            } else if (reset && random.nextInt(3) == 0) {
                operation(write, at, 1, random.nextBoolean() ? Outcome.FAILED : Outcome.UNKNOWN, null, true);
            } else {
                boolean kept = !(faulty && write && at > CUTOVER - 120 && at < CUTOVER);
                operation(write, at, latency, Outcome.ACKNOWLEDGED, at < BACK ? Side.SOURCE : Side.TARGET, kept);
            }
        }
        if (faulty) {
            operation(true, CUTOVER + 300, 3, Outcome.ACKNOWLEDGED, Side.SOURCE, true);
        }
        events.add(new Event.Applied(ms(CUTOVER - 130), "0/" + Long.toHexString(lsn(CUTOVER - 130))));
    }

    private void sentinel() {
        events.add(new Event.SentinelPlan(ms(10_000), ms(10_000), ms(10), ms(500), -1));
        for (double at = 10_000; at < END - 2_000; at += 10) {
            double latency = 0.8 + Math.abs(random.nextGaussian()) * 0.5 + (random.nextInt(300) == 0 ? 12 : 0);
            boolean reset = faulty && at >= 45_000 && at < 45_600;
            if (reset) {
                probe(true, at, 0.4, Outcome.FAILED, null);
            } else if (at >= CUTOVER + 20 && at < BACK) {
                probe(
                        true,
                        at,
                        faulty ? 0.7 : BACK - at + latency,
                        faulty ? Outcome.FAILED : Outcome.ACKNOWLEDGED,
                        faulty ? null : Side.TARGET);
            } else {
                probe(true, at, latency, Outcome.ACKNOWLEDGED, at < BACK ? Side.SOURCE : Side.TARGET);
            }
            probe(
                    false,
                    at,
                    latency * 0.7,
                    reset ? Outcome.FAILED : Outcome.ACKNOWLEDGED,
                    reset ? null : at < BACK - 50 ? Side.SOURCE : Side.TARGET);
        }
        events.add(new Event.SentinelPlan(ms(END - 2_000), ms(10_000), ms(10), ms(500), ms(END - 2_000)));
    }

    private void monitors() {
        for (double at = 1_000; at < END; at += 250) {
            boolean slow = faulty && at > 15_000 && at < 24_000;
            events.add(new Event.Sample(
                    ms(at), "replication-lag-bytes", slow ? (at - 15_000) * 90 : 2_000 + random.nextInt(6_000)));
            events.add(new Event.Sample(ms(at), "connections", 18 + random.nextInt(4)));
        }
    }

    private void operation(
            boolean write, double at, double latency, Outcome outcome, @Nullable Side side, boolean replicated) {
        token++;
        boolean fine = outcome == Outcome.ACKNOWLEDGED;
        events.add(new Event.Operation(
                ms(at + latency),
                "shop",
                "app-" + (token % 4 + 1),
                write ? "place-order" : "look-at-order",
                write,
                token,
                ms(at),
                ms(at),
                ms(at + latency),
                outcome,
                side,
                fine ? 7_000 + token : null,
                fine && write ? "0/" + Long.toHexString(lsn(at)) : null,
                fine ? null : "08006",
                fine ? null : "An I/O error occurred while sending to the backend"));
        if (write && fine && side != null) {
            keep(side, at, replicated);
        }
    }

    private void probe(boolean write, double at, double latency, Outcome outcome, @Nullable Side side) {
        token++;
        boolean fine = outcome == Outcome.ACKNOWLEDGED;
        events.add(new Event.Probe(
                ms(at + latency),
                write,
                token % 4 < 2,
                token,
                ms(at),
                ms(at + 0.1),
                ms(at + latency),
                outcome,
                side,
                null,
                null,
                fine ? null : "25006",
                fine ? null : "cannot execute INSERT in a read-only transaction",
                null,
                null));
        if (write && fine && side != null) {
            keep(side, at, true);
        }
    }

    private void keep(Side side, double at, boolean replicated) {
        Event.LedgerRow row = new Event.LedgerRow(token, side, 7_000 + token, "0/" + Long.toHexString(lsn(at)));
        if (side == Side.SOURCE) {
            source.add(row);
        }
        if (side == Side.TARGET || replicated) {
            target.add(row);
        }
    }

    private void ledgers() {
        page(Side.SOURCE, source);
        page(Side.TARGET, target);
    }

    private void page(Side side, List<Event.LedgerRow> rows) {
        for (int start = 0; start < rows.size(); start += 1_000) {
            events.add(new Event.LedgerPage(
                    ms(END - 1_000), side, rows.subList(start, Math.min(rows.size(), start + 1_000))));
        }
        events.add(new Event.LedgerRead(ms(END - 1_000), side, rows.size(), true, ""));
    }

    private void phase(double at, String name) {
        events.add(new Event.PhaseStarted(ms(at), name));
    }

    private void step(double start, double end, String name, String description, String detail) {
        events.add(new Event.StepStarted(ms(start), name, description));
        events.add(new Event.StepEnded(ms(end), name, Event.StepResult.DONE, detail));
    }

    private static long lsn(double at) {
        return 0x10_0000 + (long) (at * 100);
    }

    private static long ms(double millis) {
        return JournalBuilder.ms(millis);
    }
}
