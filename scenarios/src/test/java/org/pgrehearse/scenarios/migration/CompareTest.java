package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;

/** What a comparison within one database means for its step. */
final class CompareTest {
    private static final TableComparison SAME = table("a", Verdict.CONSISTENT, List.of(), null);
    private static final TableComparison UNREAD = table("b", Verdict.INCONCLUSIVE, List.of(), "canceled (55P03)");
    private static final TableComparison OTHER = table(
            "c",
            Verdict.DIVERGENT,
            List.of(
                    new RowDifference.Changed(
                            List.of(new RowDifference.Cell("id", "7")),
                            List.of(new RowDifference.ColumnChange("note", "x", null))),
                    new RowDifference.Missing(List.of(new RowDifference.Cell("id", "8"))),
                    new RowDifference.Unexpected(List.of(new RowDifference.Cell("id", "9")))),
            null);

    @Test
    void equal_tables_are_done_with_their_number_of_rows() throws StepFailed {
        assertThat(Compare.judge(List.of(SAME), "source", 1).detail()).isEqualTo("a and a_new hold the same 10 rows");
    }

    @Test
    void rows_that_differ_fail_the_step_by_name_also_when_another_table_was_not_read() {
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> Compare.judge(List.of(SAME, UNREAD, OTHER), "source", 3))
                .withMessageContaining("c and c_new differ: of 10 rows 1 are missing in the second, 1 are only in the"
                        + " second, 1 have other values. First: id 7 has note x and null; id 8 is missing; id 9 is only"
                        + " in the second.");
    }

    @Test
    void a_table_that_could_not_be_read_decides_nothing() {
        assertThatExceptionOfType(StepUndecided.class)
                .isThrownBy(() -> Compare.judge(List.of(SAME, UNREAD), "source", 2))
                .withMessage("Cannot compare b and b_new on the source: canceled (55P03).");
    }

    @Test
    void fewer_tables_than_were_mapped_decide_nothing() {
        assertThatExceptionOfType(StepUndecided.class).isThrownBy(() -> Compare.judge(List.of(SAME), "source", 2));
        assertThatExceptionOfType(StepUndecided.class).isThrownBy(() -> Compare.judge(List.of(), "source", 1));
    }

    private static TableComparison table(
            String name, Verdict verdict, List<RowDifference> differences, @Nullable String reason) {
        long each = differences.isEmpty() ? 0 : 1;
        String other = name + "_new";
        return new TableComparison(
                name, other, verdict, "exact", "key-range", 10, 10, each, each, each, false, differences, reason);
    }
}
