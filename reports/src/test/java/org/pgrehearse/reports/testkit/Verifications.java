package org.pgrehearse.reports.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** Results of comparisons, written by hand. */
public final class Verifications {
    private static final Verification.Endpoint SOURCE =
            new Verification.Endpoint("postgresql://127.0.0.1:5432/app", "15.14");
    private static final Verification.Endpoint TARGET =
            new Verification.Endpoint("postgresql://127.0.0.1:5433/app", "17.10");

    private Verifications() {}

    /** One table and one sequence with these verdicts. */
    public static Verification of(Verdict table, Verdict sequence) {
        return new Verification(
                SOURCE,
                TARGET,
                Instant.parse("2026-01-01T00:00:00Z"),
                Duration.ofMillis(5200),
                List.of(table(table)),
                List.of(sequence(sequence)),
                List.of(),
                List.of());
    }

    /** Every kind of difference there is, with the values a browser or a terminal likes least. */
    public static Verification everything(String nasty) {
        return new Verification(
                SOURCE,
                TARGET,
                Instant.parse("2026-01-01T00:00:00Z"),
                Duration.ofMillis(5200),
                List.of(everyDifference(nasty), table(Verdict.INCONCLUSIVE), consistent()),
                List.of(sequence(Verdict.DIVERGENT), sequence(Verdict.CONSISTENT)),
                List.of(
                        new CatalogFinding(
                                "index public.orders_ref_idx",
                                CatalogFinding.Kind.MISSING,
                                CatalogFinding.Severity.ERROR,
                                "CREATE INDEX orders_ref_idx ON public.orders (ref) -- " + nasty,
                                null),
                        new CatalogFinding(
                                "extension pg_stat_statements",
                                CatalogFinding.Kind.UNEXPECTED,
                                CatalogFinding.Severity.WARNING,
                                null,
                                "1.10")),
                List.of(new Verification.Skipped("large objects", "no side was asked for them")));
    }

    private static TableComparison everyDifference(String nasty) {
        return new TableComparison(
                "public.orders",
                "public.orders",
                Verdict.DIVERGENT,
                "exact",
                "key-range",
                2_000_000,
                2_000_001,
                1,
                2,
                1,
                true,
                List.of(
                        new RowDifference.Changed(
                                List.of(new RowDifference.Cell("id", "777")),
                                List.of(
                                        new RowDifference.ColumnChange("amount", "111.00", "112.00"),
                                        new RowDifference.ColumnChange("note", nasty, null))),
                        new RowDifference.Missing(List.of(new RowDifference.Cell("id", "1999000"))),
                        new RowDifference.Unexpected(List.of(new RowDifference.Cell("id", nasty))),
                        new RowDifference.Occurrences(List.of(new RowDifference.Cell("note", null)), 1, 2)),
                null,
                List.of(
                        new ColumnCoverage("amount", ColumnCoverage.Status.VERIFIED, null),
                        new ColumnCoverage("secret", ColumnCoverage.Status.EXCLUDED, "Excluded by --ignore-column.")),
                new ColumnChanges(1, true, List.of(new ColumnChanges.Count("amount", 1))));
    }

    private static TableComparison consistent() {
        return new TableComparison(
                "public.customers",
                "archive.customers",
                Verdict.CONSISTENT,
                "exact",
                "key-range",
                5,
                5,
                0,
                0,
                0,
                false,
                List.of(),
                null);
    }

    private static TableComparison table(Verdict verdict) {
        long missing = verdict == Verdict.DIVERGENT ? 1 : 0;
        String reason = verdict == Verdict.INCONCLUSIVE ? "permission denied (42501)" : null;
        return new TableComparison(
                "public.orders",
                "public.orders",
                verdict,
                "exact",
                "key-range",
                10,
                10 - missing,
                missing,
                0,
                0,
                false,
                List.of(),
                reason);
    }

    private static SequenceComparison sequence(Verdict verdict) {
        return new SequenceComparison(
                "public.orders_id_seq",
                verdict,
                verdict == Verdict.DIVERGENT ? "behind-data" : "ok",
                2_000_000L,
                verdict == Verdict.DIVERGENT ? 1L : 2_000_000L,
                2_000_000L,
                verdict == Verdict.INCONCLUSIVE ? "permission denied (42501)" : null,
                verdict == Verdict.DIVERGENT ? Long.valueOf(2) : null,
                verdict == Verdict.DIVERGENT ? Boolean.TRUE : null,
                verdict == Verdict.DIVERGENT ? "cache 1 → 10" : null);
    }
}
