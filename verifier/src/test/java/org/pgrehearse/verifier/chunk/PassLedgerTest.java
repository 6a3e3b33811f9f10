package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.chunk.BucketSums.Sum;
import org.pgrehearse.verifier.chunk.PassLedger.Pass;
import org.pgrehearse.verifier.chunk.Slice.Pages;

final class PassLedgerTest {
    private static PassLedger ledger(Pass before) {
        return new PassLedger(100, 4, before, pass -> {});
    }

    @Test
    void ranges_that_touch_become_one() {
        PassLedger ledger = ledger(Pass.NONE);
        ledger.add(new Pages(20, 30, false), List.of());
        ledger.add(new Pages(0, 10, false), List.of());
        assertThat(ledger.done()).containsExactly(new Pages(0, 10, false), new Pages(20, 30, false));
        ledger.add(new Pages(10, 20, false), List.of());
        ledger.add(new Pages(30, 41, true), List.of());
        assertThat(ledger.done()).containsExactly(new Pages(0, 41, true));
    }

    @Test
    void what_is_kept_holds_the_sums_of_its_pages() {
        List<Pass> kept = new ArrayList<>();
        PassLedger ledger = new PassLedger(
                100, 4, new Pass(List.of(new Pages(50, 60, false)), List.of(new Sum(3, 5, -7))), kept::add);
        ledger.add(new Pages(0, 10, false), List.of(new Sum(3, 2, 1), new Sum(0, 1, 9)));
        assertThat(kept)
                .containsExactly(new Pass(
                        List.of(new Pages(0, 10, false), new Pages(50, 60, false)),
                        List.of(new Sum(0, 1, 9), new Sum(3, 7, -6))));
    }

    @Test
    void short_ranges_are_kept_together() {
        List<Pass> kept = new ArrayList<>();
        PassLedger ledger = new PassLedger(64_000, 4, Pass.NONE, kept::add);
        for (long first = 0; first < 64_000; first += 10) {
            ledger.add(new Pages(first, first + 10, false), List.of());
        }
        assertThat(kept).hasSizeBetween(32, 64);
    }

    @Test
    void pages_summed_twice_are_refused() {
        PassLedger ledger = ledger(new Pass(List.of(new Pages(20, 30, true)), List.of()));
        for (Pages again : List.of(
                new Pages(29, 35, false),
                new Pages(500, 510, false),
                new Pages(10, 21, false),
                new Pages(5, 7, true))) {
            assertThatThrownBy(() -> ledger.add(again, List.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("twice");
        }
    }
}
