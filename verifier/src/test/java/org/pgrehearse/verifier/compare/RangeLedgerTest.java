package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.chunk.KeyRanges.Range;
import org.pgrehearse.verifier.rows.Findings;

final class RangeLedgerTest {
    private static RangeLedger ledger(int listedMax) {
        return new RangeLedger(listedMax, (range, reading) -> {});
    }

    /** A range in which the target lacks rows, of which the first few are listed. */
    private static Reading missing(int first, int number, int listed) {
        List<RowDifference> differences = IntStream.range(first, first + listed)
                .<RowDifference>mapToObj(
                        key -> new RowDifference.Missing(List.of(new Cell("id", Integer.toString(key)))))
                .toList();
        return Reading.different(
                RangePass.NAME, 1_000 + number, 1_000, new Findings(number, 0, 0, listed < number, differences));
    }

    @Test
    void differences_of_the_lowest_keys_are_listed_whatever_order_ranges_are_done_in() {
        RangeLedger ledger = ledger(3);
        ledger.add(new Range(8, 9), missing(800, 2, 2));
        ledger.add(new Range(1, 8), missing(100, 2, 2));
        assertThat(ledger.roomBefore(new Range(9, 10))).isZero();
        ledger.add(new Range(9, 10), missing(900, 7, 0));
        ledger.add(new Range(0, 1), Reading.same(RangePass.NAME, 5));
        Reading sum = ledger.sum(10);
        assertThat(sum.findings().missing()).isEqualTo(11);
        assertThat(sum.sourceRows()).isEqualTo(3_016);
        assertThat(sum.findings().truncated()).isTrue();
        assertThat(sum.findings().listed().toString())
                .contains("100", "101", "800")
                .doesNotContain("801");
    }

    @Test
    void nothing_is_kept_beyond_what_is_shown() {
        RangeLedger ledger = ledger(10);
        for (int i = 99; i >= 0; i--) {
            ledger.add(new Range(i, i + 1), missing(i * 100, 10, 10));
        }
        Reading sum = ledger.sum(100);
        assertThat(sum.findings().missing()).isEqualTo(1_000);
        assertThat(sum.findings().listed()).hasSize(10);
        assertThat(sum.findings().listed().getFirst().toString()).contains("value=0");
    }

    @Test
    void an_interval_that_is_compared_twice_or_never_is_a_bug() {
        RangeLedger ledger = ledger(1);
        ledger.add(new Range(0, 4), Reading.same(RangePass.NAME, 1));
        assertThatThrownBy(() -> ledger.add(new Range(3, 5), Reading.same(RangePass.NAME, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> ledger.sum(5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("4 of 5");
    }

    @Test
    void a_sum_that_no_row_explains_is_a_contradiction() {
        Reading unexplained = Reading.different(RangePass.NAME, 7, 7, Findings.none());
        assertThat(unexplained.contradiction())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("Cannot decide"));
        RangeLedger ledger = ledger(1);
        ledger.add(new Range(0, 1), unexplained);
        ledger.add(new Range(1, 2), Reading.same(RangePass.NAME, 3));
        assertThat(ledger.sum(2).contradiction()).isPresent();
    }
}
