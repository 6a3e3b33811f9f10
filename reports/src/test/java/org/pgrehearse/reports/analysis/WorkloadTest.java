package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;

/** What the load did, by kind of transaction and by phase. */
final class WorkloadTest {
    @Test
    void failures_are_told_by_kind_and_by_the_phase_they_were_meant_to_start_in() {
        Workload workload = journal().judged().workload();

        assertThat(workload.kinds()).extracting(Workload.Kind::name).containsExactly("look", "place-order");
        Workload.Kind orders = workload.kinds().getLast();
        assertThat(orders.scheduled()).isEqualTo(4);
        assertThat(orders.acknowledged()).isEqualTo(1);
        assertThat(orders.failed()).isEqualTo(2);
        assertThat(orders.unknown()).isEqualTo(1);
        assertThat(orders.failedByPhase().toString()).isEqualTo("{expand=1, contract=1}");
        assertThat(workload.kinds().getFirst().failedByPhase()).isEmpty();
    }

    @Test
    void one_kind_is_judged_alone() {
        Judgement judgement = journal(
                        "failed-operations of look = 0",
                        "failed-operations of place-* = 0",
                        "failed-operations of refund = 0")
                .judged();

        assertThat(judgement.expectations())
                .extracting(result -> result.name() + ": " + result.observed() + ", " + result.verdict())
                .containsExactly(
                        "failed-operations of look: 0, PASSED",
                        "failed-operations of place-*: 2, FAILED",
                        "failed-operations of refund: no operations, INCONCLUSIVE");
        assertThat(judgement.expectations().getLast().reason())
                .isEqualTo("no operation named refund was recorded; there were: look, place-order");
    }

    @Test
    void only_failures_can_be_those_of_one_kind() {
        assertThat(Expectation.parse(List.of("lost-writes of look = 0")).problems())
                .containsExactly("\"lost-writes of look = 0\": only failed-operations can be those of one kind of"
                        + " transaction.");
    }

    private static JournalBuilder journal(String... expectations) {
        return new JournalBuilder(expectations)
                .event(new Event.PhaseStarted(ms(1), "expand"))
                .write(2, Side.SOURCE)
                .attempt(4, Outcome.FAILED, null)
                .read(6, Side.SOURCE)
                .event(new Event.PhaseStarted(ms(10), "contract"))
                .attempt(12, Outcome.FAILED, null)
                .attempt(14, Outcome.UNKNOWN, null);
    }
}
