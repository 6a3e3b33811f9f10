package org.pgrehearse.reports.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** One example of each event, with every field different from every other. */
final class EveryEvent {
    private EveryEvent() {}

    static List<Event> examples() {
        return Stream.concat(promises().stream(), course().stream()).toList();
    }

    private static List<Event> promises() {
        return List.of(
                new Event.LockWaits(
                        181,
                        Side.SOURCE,
                        List.of(new LockWait(
                                182,
                                "waiter",
                                "ALTER",
                                "AccessExclusiveLock",
                                "orders",
                                18.25,
                                183,
                                "holder",
                                "idle in transaction",
                                "SELECT"))),
                new Event.Transaction(
                        18,
                        "lists",
                        3,
                        15,
                        16,
                        17,
                        Outcome.ACKNOWLEDGED,
                        Side.TARGET,
                        Isolation.REPEATABLE_READ,
                        List.of(
                                new Action.Append(1, 2),
                                new Action.ReadList(1, List.of(1L, 2L)),
                                new Action.Write(3, 4, null),
                                new Action.Write(3, 5, 2L),
                                new Action.ReadRegister(3, 5L, 2),
                                new Action.ReadRegister(6, null, 0))),
                new Event.TotalRead(18, "balances", 16, 17, Side.SOURCE, 100, 999, 1_000),
                new Event.TwinsRead(18, "orders and orders_twin", 16, 17, null, 1, 2, "(7,\"x\")"),
                new Event.IdIssued(18, "orders_id_seq", 4, 16, 17, Outcome.ACKNOWLEDGED, Side.TARGET, 1L << 40));
    }

    private static List<Event> course() {
        return List.of(
                new Event.RunOpened(
                        0,
                        Instant.parse("2026-01-02T03:04:05.678901Z"),
                        "0.1.0",
                        "logical-cutover",
                        "Moves \"all\" of it\n</script>",
                        42,
                        "name: logical-cutover\n",
                        List.of("lost-writes = 0", "write-downtime < 2s"),
                        Map.of("java", "25")),
                new Event.EnvironmentFact(1, "source", "15.14"),
                new Event.PhaseStarted(2, "load"),
                new Event.StepStarted(3, "fence", "Refuse writes on the source"),
                new Event.StepEnded(4, "fence", Event.StepResult.DONE, "took 3 ms"),
                new Event.AuthorityMoved(5, Side.TARGET),
                new Event.Fenced(6, Side.SOURCE, "0/3A"),
                new Event.FenceLifted(7, Side.SOURCE),
                operation(),
                probe(),
                new Event.SentinelPlan(19, 20, 21, 22, -1),
                new Event.FaultAsked(23, "reset", "reset-peer", "proxy app", "after 1 s"),
                new Event.FaultBit(24, "reset", "3 connections reset"),
                new Event.FaultEdge(24, "reset", true, 22, 24),
                new Event.FaultHealed(25, "reset", true, "toxic removed"),
                new Event.Sample(26, "replication-lag-bytes", 2.5),
                new Event.Applied(27, "0/4B"),
                new Event.LedgerPage(28, Side.TARGET, List.of(new Event.LedgerRow(29, Side.SOURCE, 30, "0/5C"))),
                new Event.LedgerRead(31, Side.TARGET, 1, true, ""),
                new Event.KeysWritten(
                        32, 9, "t", List.of("a", "b"), List.of(List.of("1", "x")), List.of(List.of("2", "y"))),
                new Event.DeletedRead(33, Side.SOURCE, "t", 1, List.of(List.of("1", "x")), "none"),
                new Event.TableSize(38, Side.TARGET, "public.t", 39, 40, 41),
                new Event.TableBloat(42, Side.TARGET, "public.t", 43.5, 44.5),
                new Event.GuardFired(36, "write-downtime < 3s", "3.2 s"),
                new Event.ServiceReturned(37, Side.SOURCE, 36),
                new Event.Verified(32, verification()),
                new Event.Trouble(33, "sentinel", "a worker died"),
                new Event.Remark(34, "tab\t, zero \u0000, quote \", slash \\, snow \u2603"),
                new Event.RunClosed(35, Event.Ending.COMPLETED, ""));
    }

    private static Event operation() {
        return new Event.Operation(
                8,
                "shop",
                "app-1",
                "place-order",
                true,
                9,
                10,
                11,
                12,
                Outcome.UNKNOWN,
                null,
                null,
                null,
                "08006",
                "An I/O error",
                "shop_web",
                4711);
    }

    private static Event probe() {
        return new Event.Probe(
                13,
                true,
                false,
                14,
                15,
                16,
                17,
                Outcome.ACKNOWLEDGED,
                Side.SOURCE,
                18L,
                "0/1F",
                null,
                null,
                "sentinel",
                4712);
    }

    static Verification verification() {
        return new Verification(
                new Verification.Endpoint("postgresql://127.0.0.1:1/app", "15.14"),
                new Verification.Endpoint("postgresql://127.0.0.1:2/app", "17.10"),
                Instant.parse("2026-01-02T03:05:00Z"),
                Duration.ofMillis(5250),
                List.of(
                        divergent(),
                        new TableComparison(
                                "public.secret",
                                "public.secret",
                                Verdict.INCONCLUSIVE,
                                "exact",
                                "key-range",
                                0,
                                0,
                                0,
                                0,
                                0,
                                false,
                                List.of(),
                                "permission denied (42501)")),
                List.of(new SequenceComparison(
                        "public.orders_id_seq", Verdict.DIVERGENT, "behind-data", 200L, 1L, null, null)),
                List.of(new CatalogFinding(
                        "index public.orders_ref_idx",
                        CatalogFinding.Kind.MISSING,
                        CatalogFinding.Severity.ERROR,
                        "CREATE INDEX",
                        null)),
                List.of(new Verification.Skipped("large objects", "not compared by this version")));
    }

    private static TableComparison divergent() {
        return new TableComparison(
                "public.orders",
                "public.orders",
                Verdict.DIVERGENT,
                "exact",
                "key-range",
                10,
                11,
                2,
                3,
                1,
                true,
                List.of(
                        new RowDifference.Missing(List.of(new RowDifference.Cell("id", "7"))),
                        new RowDifference.Unexpected(List.of(new RowDifference.Cell("id", null))),
                        new RowDifference.Changed(
                                List.of(new RowDifference.Cell("id", "8")),
                                List.of(new RowDifference.ColumnChange("amount", "1.0", null))),
                        new RowDifference.Occurrences(List.of(new RowDifference.Cell("note", "x")), 1, 2)),
                null);
    }
}
