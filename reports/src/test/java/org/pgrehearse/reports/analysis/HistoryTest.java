package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;

final class HistoryTest {
    @Test
    void a_clean_cutover_loses_nothing() {
        History history = history(cutover().ledgersRead());
        assertThat(history.writes()).isEqualTo(4);
        assertThat(history.lost() + history.duplicated() + history.resurrected() + history.leaked())
                .isZero();
        assertThat(history.splitBrain()).isNull();
        assertThat(history.stories()).isEmpty();
        assertThat(history.reasonToDoubt()).isEmpty();
        assertThat(history.strangers()).isEmpty();
    }

    @Test
    void an_acknowledged_write_only_on_the_source_is_stranded_and_its_story_says_why() {
        JournalBuilder journal =
                cutover().event(new Event.Applied(ms(90), "0/1002")).event(new Event.Applied(ms(5_000), "0/1004"));
        History history = history(journal.write(50, Side.SOURCE).ledgersRead());
        assertThat(history.lost()).isEqualTo(1);
        assertThat(history.stranded()).isEqualTo(1);
        assertThat(history.stories())
                .singleElement()
                .isEqualTo(new Story(
                        "lost",
                        "first",
                        5,
                        ms(50),
                        "token 5: place-order of shop by app-1, intended at 0.050 s, started at 0.050 s on the source,"
                                + " acknowledged at 0.052 s, xid 705, present on the source, absent on the target,"
                                + " written at 0/1005 > last applied 0/1002 (read at 0.090 s)"));
    }

    @Test
    void an_acknowledged_write_on_no_side_has_vanished() {
        History history =
                history(cutover().attempt(50, Outcome.ACKNOWLEDGED, Side.SOURCE).ledgersRead());
        assertThat(history.lost()).isEqualTo(1);
        assertThat(history.vanished()).isEqualTo(1);
    }

    @Test
    void a_lost_write_is_not_placed_when_the_other_ledger_was_not_read() {
        History history = history(cutover().write(50, Side.SOURCE).ledgerRead(Side.TARGET, true));
        assertThat(history.lost()).isEqualTo(1);
        assertThat(history.unplaced()).isEqualTo(1);
        assertThat(history.reasonToDoubt()).contains("the ledger on the source was not read");
    }

    @Test
    void nothing_is_called_lost_when_the_ledger_that_matters_was_cut() {
        History history = history(
                cutover().write(50, Side.SOURCE).ledgerRead(Side.SOURCE, true).ledgerRead(Side.TARGET, false));
        assertThat(history.lost()).isZero();
        assertThat(history.reasonToDoubt())
                .contains("the ledger on the target was not read completely: connection refused");
    }

    @Test
    void a_page_that_is_missing_from_the_journal_is_noticed() {
        List<Event> events = cutover().ledgersRead().closed();
        events.removeIf(event -> event instanceof Event.LedgerPage page && page.side() == Side.TARGET);
        assertThat(Judge.judge(events).history().reasonToDoubt())
                .contains("the journal holds 0 of the 4 rows read from the ledger on the target");
    }

    @Test
    void a_write_back_on_the_source_after_a_way_back_is_not_lost() {
        History history = history(
                cutover().moved(300, Side.SOURCE).write(400, Side.SOURCE).ledgersRead());
        assertThat(history.lost()).isEqualTo(2);
        assertThat(history.stranded()).isEqualTo(2);
        assertThat(history.splitBrain()).isNull();
    }

    @Test
    void a_token_twice_on_one_side_is_a_duplicate_and_once_on_each_is_not() {
        JournalBuilder journal = cutover();
        History history = history(journal.row(Side.TARGET, 1, Side.SOURCE).ledgersRead());
        assertThat(history.duplicated()).isEqualTo(1);
        assertThat(history.stories().getFirst().text()).contains("held 2 times by the target");
    }

    @Test
    void a_failed_write_that_is_there_has_risen_again() {
        JournalBuilder journal = cutover().attempt(50, Outcome.FAILED, null);
        assertThat(history(journal.ledgersRead()).resurrected()).isZero();
        JournalBuilder planted = cutover().attempt(50, Outcome.FAILED, null);
        planted.row(Side.TARGET, planted.token(), Side.SOURCE);
        History history = history(planted.ledgersRead());
        assertThat(history.resurrected()).isEqualTo(1);
        assertThat(history.stories().getFirst().text()).contains("failed (08006 connection lost)");
    }

    @Test
    void unknown_outcomes_are_resolved_by_the_ledgers() {
        JournalBuilder journal = cutover().attempt(50, Outcome.UNKNOWN, null).attempt(60, Outcome.UNKNOWN, null);
        journal.row(Side.SOURCE, 6, Side.SOURCE).row(Side.TARGET, 6, Side.SOURCE);
        History history = history(journal.ledgersRead());
        assertThat(history.resolvedAborted()).isEqualTo(1);
        assertThat(history.resolvedCommitted()).isEqualTo(1);
        assertThat(history.unresolved()).isZero();
        assertThat(history.lost()).isZero();
    }

    @Test
    void an_unknown_outcome_that_stayed_on_the_source_is_told_apart_from_a_lost_promise() {
        JournalBuilder journal = cutover().attempt(50, Outcome.UNKNOWN, null);
        History history = history(journal.row(Side.SOURCE, 5, Side.SOURCE).ledgersRead());
        assertThat(history.lostUnknown()).isEqualTo(1);
        assertThat(history.lost()).isZero();
    }

    @Test
    void an_unknown_outcome_without_ledgers_stays_unresolved() {
        assertThat(history(cutover().attempt(50, Outcome.UNKNOWN, null).ledgerRead(Side.TARGET, true))
                        .unresolved())
                .isEqualTo(1);
        assertThat(history(cutover().attempt(50, Outcome.UNKNOWN, null)).unresolved())
                .isEqualTo(1);
    }

    @Test
    void one_server_alone_needs_no_second_ledger() {
        History history = history(new JournalBuilder()
                .write(1, Side.SOURCE)
                .attempt(2, Outcome.UNKNOWN, null)
                .ledgerRead(Side.SOURCE, true));
        assertThat(history.reasonToDoubt()).isEmpty();
        assertThat(history.resolvedAborted()).isEqualTo(1);
    }

    @Test
    void a_write_on_the_source_after_an_acknowledgement_of_the_target_is_split_brain() {
        JournalBuilder journal = cutover().write(250, Side.SOURCE);
        History history = history(journal.row(Side.TARGET, 5, Side.SOURCE).ledgersRead());
        assertThat(history.splitBrain()).isNotNull();
        assertThat(history.splitBrain().writes()).isEqualTo(1);
        assertThat(history.splitBrain().overlapStartNanos()).isEqualTo(ms(202));
        assertThat(history.splitBrain().overlapEndNanos()).isEqualTo(ms(252));
        assertThat(history.splitBrain().newSide().token()).isEqualTo(3);
        assertThat(history.splitBrain().oldSide().token()).isEqualTo(5);
    }

    @Test
    void writes_that_overlap_in_flight_are_no_split_brain() {
        JournalBuilder journal = cutover().operation(true, 190, 260, Outcome.ACKNOWLEDGED, Side.SOURCE);
        History history = history(journal.row(Side.SOURCE, 5, Side.SOURCE)
                .row(Side.TARGET, 5, Side.SOURCE)
                .ledgersRead());
        assertThat(history.splitBrain()).isNull();
    }

    @Test
    void a_stray_write_on_the_target_before_any_cutover_is_split_brain() {
        JournalBuilder journal = new JournalBuilder()
                .write(1, Side.SOURCE)
                .write(10, Side.TARGET)
                .write(20, Side.SOURCE);
        assertThat(history(journal.ledgersRead()).splitBrain()).isNotNull();
    }

    @Test
    void an_unknown_write_that_its_ledger_places_on_the_source_proves_split_brain() {
        JournalBuilder journal = cutover().attempt(250, Outcome.UNKNOWN, null);
        History history = history(journal.row(Side.SOURCE, 5, Side.SOURCE).ledgersRead());
        assertThat(history.splitBrain()).isNotNull();
    }

    @Test
    void after_a_way_back_a_write_on_the_target_is_split_brain() {
        JournalBuilder journal =
                cutover().moved(300, Side.SOURCE).write(400, Side.SOURCE).write(500, Side.TARGET);
        assertThat(history(journal.ledgersRead()).splitBrain()).isNotNull();
    }

    @Test
    void a_write_that_waits_for_the_way_back_is_neither_split_brain_nor_leaked() {
        JournalBuilder waited = cutover()
                .fenced(150, Side.SOURCE)
                .event(new Event.FenceLifted(ms(300), Side.SOURCE))
                .moved(300, Side.SOURCE)
                .write(299, Side.SOURCE);
        History history = history(waited.ledgersRead());
        assertThat(history.splitBrain()).isNull();
        assertThat(history.leaked()).isZero();
        JournalBuilder planted = cutover()
                .fenced(150, Side.SOURCE)
                .event(new Event.FenceLifted(ms(300), Side.SOURCE))
                .moved(300, Side.SOURCE)
                .write(290, Side.SOURCE);
        history = history(planted.ledgersRead());
        assertThat(history.splitBrain()).isNotNull();
        assertThat(history.leaked()).isEqualTo(1);
    }

    @Test
    void a_write_that_starts_after_the_fence_has_leaked() {
        JournalBuilder clean = cutover().fenced(150, Side.SOURCE);
        assertThat(history(clean.ledgersRead()).leaked()).isZero();
        JournalBuilder planted = cutover().fenced(150, Side.SOURCE).write(160, Side.SOURCE);
        History history = history(planted.row(Side.TARGET, 5, Side.SOURCE).ledgersRead());
        assertThat(history.leaked()).isEqualTo(1);
        JournalBuilder lifted = cutover()
                .fenced(150, Side.SOURCE)
                .event(new Event.FenceLifted(ms(155), Side.SOURCE))
                .write(160, Side.SOURCE);
        assertThat(history(lifted.row(Side.TARGET, 5, Side.SOURCE).ledgersRead())
                        .leaked())
                .isZero();
    }

    @Test
    void a_write_that_waited_behind_a_fence_until_it_was_lifted_has_not_leaked() {
        assertThat(leakedWhenLiftedAt(161)).isZero();
        assertThat(leakedWhenLiftedAt(900)).isEqualTo(1);
    }

    private static long leakedWhenLiftedAt(double millis) {
        JournalBuilder journal = cutover()
                .fenced(150, Side.SOURCE)
                .event(new Event.FenceLifted(ms(millis), Side.SOURCE))
                .write(160, Side.SOURCE);
        return history(journal.row(Side.TARGET, 5, Side.SOURCE).ledgersRead()).leaked();
    }

    @Test
    void a_ledger_row_that_nobody_wrote_spoils_the_recording() {
        Judgement judgement = cutover("lost-writes = 0")
                .row(Side.TARGET, 99, Side.SOURCE)
                .ledgersRead()
                .judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.headline()).contains("1 ledger row belongs to no recorded operation");
    }

    @Test
    void a_token_used_twice_spoils_the_recording() {
        JournalBuilder journal = cutover("lost-writes = 0");
        journal.event(journal.closed().get(1));
        Judgement judgement = journal.ledgersRead().judged();
        assertThat(judgement.headline()).contains("1 recorded write carries a token that another one carries");
    }

    @Test
    void first_worst_and_last_of_many_are_kept_and_all_are_counted() {
        JournalBuilder journal = cutover();
        for (int i = 0; i < 1_000; i++) {
            journal.write(50 + i * 0.001, Side.SOURCE);
        }
        History history = history(journal.ledgersRead());
        assertThat(history.lost()).isEqualTo(1_000);
        assertThat(history.stories()).hasSize(21);
        assertThat(history.stories().getFirst().token()).isEqualTo(5);
        assertThat(history.stories().getLast().token()).isEqualTo(1_004);
        assertThat(history.stories().getLast().which()).isEqualTo("worst");
    }

    private static JournalBuilder cutover(String... expectations) {
        return new JournalBuilder(expectations)
                .write(10, Side.SOURCE)
                .write(20, Side.SOURCE)
                .replicated()
                .moved(100, Side.TARGET)
                .write(200, Side.TARGET)
                .write(210, Side.TARGET);
    }

    private static History history(JournalBuilder journal) {
        return journal.judged().history();
    }
}
