package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;

/** A deleted row that is there again is found, and nothing else is taken for one. */
final class DeletesTest {
    private final JournalBuilder journal =
            new JournalBuilder("lost-writes = 0", "resurrected-deletes = 0").moved(1, Side.SOURCE);

    @Test
    void a_row_that_an_acknowledged_write_deleted_and_that_is_there_again_is_found_with_its_story() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        Judgement judgement = asked(Side.SOURCE, 1, "7").judged();

        assertThat(judgement.history().deletes()).isEqualTo(new Deletes(1, 1, ""));
        assertThat(result(judgement).verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.history().lost() + judgement.history().resurrected())
                .isZero();
        assertThat(judgement.history().stories()).singleElement().satisfies(story -> {
            assertThat(story.finding()).isEqualTo("resurrected-delete");
            assertThat(story.text())
                    .startsWith("token 1: place-order of shop by app-1")
                    .endsWith(", deleted id 7 of tickets, which the source holds again");
        });
        assertThat(judgement.findings())
                .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR
                        && finding.title().equals("1 deleted row there again"));
    }

    @Test
    void deleted_rows_that_are_gone_prove_that_none_came_back() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        Judgement judgement = asked(Side.SOURCE, 1).judged();
        assertThat(judgement.history().deletes()).isEqualTo(new Deletes(1, 0, ""));
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_deleted_row_that_came_back_fails_a_run_that_expects_nothing_about_it() {
        JournalBuilder silent = new JournalBuilder("lost-writes = 0").moved(1, Side.SOURCE);
        silent.write(10, Side.SOURCE).event(keys(1, List.of("7"), List.of()));
        Judgement judgement =
                silent.event(read(Side.SOURCE, 1, "", "7")).ledgersRead().judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.headline())
                .isEqualTo("1 deleted row was there again, and no expectation speaks of resurrected-deletes.");
    }

    @Test
    void a_row_that_a_later_write_inserted_anew_is_no_wonder() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        journal.write(20, Side.SOURCE);
        inserted("7");
        assertThat(asked(Side.SOURCE, 1, "7").judged().history().deletes().resurrected())
                .isZero();
    }

    @Test
    void a_row_that_was_inserted_before_it_was_deleted_explains_nothing() {
        journal.write(10, Side.SOURCE);
        inserted("7");
        journal.write(20, Side.SOURCE);
        deleted("7");
        assertThat(asked(Side.SOURCE, 1, "7").judged().history().deletes().resurrected())
                .isEqualTo(1);
    }

    @Test
    void an_insert_of_unknown_outcome_explains_a_row_only_when_it_was_committed() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        journal.attempt(2, Outcome.UNKNOWN, Side.SOURCE);
        inserted("7");
        long unknown = journal.token();
        assertThat(Judge.judge(asked(Side.SOURCE, 1, "7").closed())
                        .history()
                        .deletes()
                        .resurrected())
                .isEqualTo(1);

        JournalBuilder committed = new JournalBuilder().moved(1, Side.SOURCE);
        committed.write(10, Side.SOURCE).event(keys(1, List.of("7"), List.of()));
        committed.attempt(2, Outcome.UNKNOWN, Side.SOURCE).event(keys(unknown, List.of(), List.of("7")));
        committed.row(Side.SOURCE, unknown, Side.SOURCE);
        assertThat(committed
                        .event(read(Side.SOURCE, 1, "", "7"))
                        .ledgersRead()
                        .judged()
                        .history()
                        .deletes()
                        .resurrected())
                .isZero();
    }

    @Test
    void a_delete_that_nobody_was_promised_or_that_is_lost_itself_is_not_counted() {
        journal.attempt(10, Outcome.FAILED, Side.SOURCE);
        deleted("1");
        journal.attempt(20, Outcome.UNKNOWN, Side.SOURCE);
        deleted("2");
        journal.attempt(30, Outcome.ACKNOWLEDGED, Side.SOURCE);
        deleted("3");
        History history = asked(Side.SOURCE, 3, "1", "2", "3").judged().history();
        assertThat(history.deletes()).isEqualTo(new Deletes(1, 0, ""));
        assertThat(history.lost()).isEqualTo(1);
    }

    @Test
    void only_the_side_in_charge_at_the_end_counts() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        journal.replicated().moved(100, Side.TARGET).write(200, Side.TARGET);
        journal.event(read(Side.SOURCE, 1, "", "7"));
        assertThat(asked(Side.TARGET, 1).judged().history().deletes()).isEqualTo(new Deletes(1, 0, ""));
    }

    @Test
    void an_answer_that_is_missing_is_doubt_and_never_a_pass() {
        journal.write(10, Side.SOURCE);
        deleted("7");
        deleted("8");
        assertThat(result(asked(Side.SOURCE, 1).judged()))
                .isEqualTo(new ExpectationResult(
                        "resurrected-deletes",
                        "= 0",
                        "0 seen",
                        RunVerdict.INCONCLUSIVE,
                        "1 of 2 deleted rows of tickets on the source were looked for"));
    }

    @Test
    void a_table_that_could_not_be_asked_makes_a_run_without_the_expectation_inconclusive_too() {
        JournalBuilder silent = new JournalBuilder("lost-writes = 0").moved(1, Side.SOURCE);
        silent.write(10, Side.SOURCE).event(keys(1, List.of("7"), List.of()));
        Judgement judgement = silent.event(read(Side.SOURCE, 0, "there is no such table"))
                .ledgersRead()
                .judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.headline())
                .isEqualTo("Whether deleted rows came back is not certain: deleted rows of tickets on the source were"
                        + " not looked for: there is no such table.");
    }

    @Test
    void a_recording_without_deletes_proves_nothing_about_them() {
        Judgement judgement = journal.write(10, Side.SOURCE).ledgersRead().judged();
        assertThat(result(judgement).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(result(judgement).observed()).isEqualTo("nothing recorded");
    }

    @Test
    void keys_beyond_the_bound_are_doubt() {
        DeleteBook book = new DeleteBook(2);
        book.add(keys(1, List.of("1", "2", "3"), List.of()));
        book.add(read(Side.SOURCE, 2, ""));
        assertThat(book.doubt(Side.SOURCE)).isEqualTo("more than 2 keys were recorded, and 1 are not judged");
    }

    private void deleted(String... keys) {
        journal.event(keys(journal.token(), List.of(keys), List.of()));
    }

    private void inserted(String... keys) {
        journal.event(keys(journal.token(), List.of(), List.of(keys)));
    }

    private JournalBuilder asked(Side side, long asked, String... found) {
        return journal.event(read(side, asked, "", found)).ledgersRead();
    }

    private static Event.KeysWritten keys(long token, List<String> deleted, List<String> inserted) {
        return new Event.KeysWritten(
                ms(100),
                token,
                "tickets",
                List.of("id"),
                deleted.stream().map(List::of).toList(),
                inserted.stream().map(List::of).toList());
    }

    private static Event.DeletedRead read(Side side, long asked, String doubt, String... found) {
        return new Event.DeletedRead(
                ms(9_400),
                side,
                "tickets",
                asked,
                List.of(found).stream().map(List::of).toList(),
                doubt);
    }

    private static ExpectationResult result(Judgement judgement) {
        return judgement.expectations().stream()
                .filter(each -> each.name().equals("resurrected-deletes"))
                .findFirst()
                .orElseThrow();
    }
}
