package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.MarkdownReport;
import org.pgrehearse.reports.testkit.JournalBuilder;

/** Growth is told from before the runbook to the largest size, phase by phase, with indexes and TOAST. */
final class TableGrowthTest {
    private static final long MIB = 1L << 20;

    @Test
    void a_table_that_swelled_in_a_phase_is_told_with_the_phase_and_refutes_a_ratio() {
        Judgement judgement = journal("table-growth of shop.orders < 2x")
                .event(size(50, "shop.orders", 6, 3, 1))
                .event(size(250, "shop.orders", 20, 8, 2))
                .event(size(350, "shop.orders", 10, 4, 1))
                .judged();

        assertThat(judgement.sizes())
                .containsExactly(new TableGrowth(
                        Side.SOURCE,
                        "shop.orders",
                        10 * MIB,
                        30 * MIB,
                        15 * MIB,
                        4 * MIB,
                        MIB,
                        List.of(
                                new TableGrowth.PhaseGrowth("warm-up", 10 * MIB),
                                new TableGrowth.PhaseGrowth("backfill", 20 * MIB),
                                new TableGrowth.PhaseGrowth("cool-down", -15 * MIB)),
                        null));
        assertThat(judgement.expectations())
                .containsExactly(
                        new ExpectationResult("table-growth of shop.orders", "< 2x", "3.00x", RunVerdict.FAILED, ""));
        assertThat(new MarkdownReport().of(judgement))
                .contains("shop.orders on the source grew from 10.0 MiB to 30.0 MiB");
        assertThat(new JsonReport().of(judgement))
                .contains("\"tableSizes\"")
                .contains("\"largestBytes\": 31457280")
                .contains("\"name\": \"backfill\"");
    }

    @Test
    void a_table_that_grew_less_holds_the_same_ratio() {
        ExpectationResult result = only(journal("table-growth of shop.orders < 2x")
                .event(size(50, "shop.orders", 6, 3, 1))
                .event(size(250, "shop.orders", 12, 6, 1)));
        assertThat(result.observed()).isEqualTo("1.90x");
        assertThat(result.verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void growth_in_the_warm_up_is_not_the_runbooks() {
        ExpectationResult result = only(journal("table-growth of t <= 1x")
                .event(size(20, "public.t", 1, 1, 0))
                .event(size(90, "public.t", 9, 1, 0)));
        assertThat(result.observed()).isEqualTo("1.00x");
        assertThat(result.verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_table_that_was_not_there_before_has_grown_by_all_of_it_and_holds_no_ratio() {
        Judgement judgement = journal("table-growth of tickets_new < 9x")
                .event(size(250, "public.tickets_new", 4, 0, 0))
                .judged();
        assertThat(judgement.sizes().getFirst().grown()).isEqualTo(4 * MIB);
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.expectations().getFirst().reason())
                .isEqualTo("no size of public.tickets_new was read before the runbook began");
    }

    @Test
    void the_greatest_share_of_dead_rows_is_kept() {
        Judgement judgement = journal("table-growth of t < 9x")
                .event(size(50, "public.t", 4, 0, 0))
                .event(new Event.TableBloat(ms(60), Side.SOURCE, "public.t", 12.5, 1))
                .event(new Event.TableBloat(ms(250), Side.SOURCE, "public.t", 80.25, 2))
                .event(new Event.TableBloat(ms(300), Side.SOURCE, "public.t", 3, 70))
                .judged();
        assertThat(judgement.sizes().getFirst().dead()).isEqualTo(80.25);
    }

    @Test
    void a_ratio_needs_its_table_and_its_x() {
        assertThat(Expectation.parse(List.of("table-growth < 2x", "table-growth of t < 2"))
                        .problems())
                .containsExactly(
                        "\"table-growth < 2x\": write table-growth of TABLE, such as:"
                                + " table-growth of shop.orders < 2x.",
                        "\"table-growth of t < 2\": 2 is not a ratio such as 2x or 1.5x.");
    }

    private static JournalBuilder journal(String expectation) {
        return new JournalBuilder(expectation)
                .event(new Event.PhaseStarted(ms(10), "warm-up"))
                .event(new Event.PhaseStarted(ms(100), "backfill"))
                .event(new Event.PhaseStarted(ms(300), "cool-down"));
    }

    private static Event size(double millis, String table, long heap, long indexes, long toast) {
        return new Event.TableSize(ms(millis), Side.SOURCE, table, heap * MIB, indexes * MIB, toast * MIB);
    }

    private static ExpectationResult only(JournalBuilder journal) {
        return journal.judged().expectations().getFirst();
    }
}
