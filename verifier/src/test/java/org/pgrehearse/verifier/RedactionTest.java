package org.pgrehearse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;

final class RedactionTest {
    private static final String SECRET = "4111-1111";

    @Test
    void no_value_survives_and_everything_else_does() {
        Verification redacted = Redaction.ofOneRun().of(verification());
        assertThat(redacted.toString()).doesNotContain(SECRET).contains("only blanks at the end", "changed=1", "card");
        assertThat(verification().toString()).contains(SECRET);
        TableComparison table = redacted.tables().getFirst();
        assertThat(table.differences()).hasSize(4);
        assertThat(table.reason())
                .isEqualTo("Cannot read table public.t on source: a value could not be used (22P02)."
                        + " Remove the cause and run again.");
        assertThat(redacted.verdict()).isEqualTo(verification().verdict());
    }

    @Test
    void the_same_value_has_the_same_fingerprint_in_its_column_and_run_only() {
        Redaction redaction = Redaction.ofOneRun();
        List<Cell> first = key(redaction.of(verification()), 0);
        assertThat(first).isEqualTo(key(redaction.of(verification()), 0));
        assertThat(first.getFirst().value()).matches("#[0-9a-f]{12}");
        assertThat(first.getFirst().value()).isNotEqualTo(first.getLast().value());
        assertThat(first).isNotEqualTo(key(Redaction.ofOneRun().of(verification()), 0));
    }

    @Test
    void null_stays_null() {
        assertThat(key(Redaction.ofOneRun().of(verification()), 1).getFirst().value())
                .isNull();
    }

    private static List<Cell> key(Verification verification, int index) {
        return switch (verification.tables().getFirst().differences().get(index)) {
            case RowDifference.Missing missing -> missing.key();
            case RowDifference.Unexpected unexpected -> unexpected.key();
            case RowDifference.Changed changed -> changed.key();
            case RowDifference.Occurrences row -> row.row();
        };
    }

    private static Verification verification() {
        List<Cell> cells = List.of(new Cell("card", SECRET), new Cell("other", SECRET));
        String secret = SECRET.repeat(30);
        return new Verification(
                new Verification.Endpoint("postgresql://h/a", "15"),
                new Verification.Endpoint("postgresql://h/b", "17"),
                Instant.EPOCH,
                Duration.ZERO,
                List.of(new TableComparison(
                        "public.t",
                        "public.t",
                        Verdict.DIVERGENT,
                        "exact",
                        "hash-buckets",
                        3,
                        3,
                        1,
                        1,
                        1,
                        false,
                        List.of(
                                new RowDifference.Missing(cells),
                                new RowDifference.Unexpected(List.of(new Cell("card", null))),
                                new RowDifference.Changed(
                                        cells,
                                        List.of(
                                                new ColumnChange("card", SECRET, SECRET + " "),
                                                new ColumnChange("long", secret, secret + "x"))),
                                new RowDifference.Occurrences(cells, 1, 2)),
                        "Cannot read table public.t on source: invalid input syntax for type integer: \"" + SECRET
                                + "\" (22P02). Remove the cause and run again.")),
                List.of(),
                List.of(),
                List.of());
    }
}
