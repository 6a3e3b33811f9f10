package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.render.HtmlReport;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.MarkdownReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.reports.testkit.JournalBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What became of lost writes, each kind planted once, and its clean twin beside it. */
final class LossesTest {
    private static final String NONE_LOST = "lost-writes = 0";

    @Test
    void a_row_of_another_transaction_in_the_place_of_an_acknowledged_write_is_overwritten() {
        JournalBuilder journal = cutover().attempt(50, Outcome.ACKNOWLEDGED, Side.SOURCE);
        journal.row(Side.SOURCE, 3, Side.SOURCE).foreignRow(Side.TARGET, 3, Side.TARGET);
        Judgement judgement = journal.ledgersRead().judged();
        assertThat(judgement.history().losses()).isEqualTo(new Losses(0, 1, 0, 0, 0, 1));
        assertThat(judgement.history().stories().getFirst().text())
                .contains("overwritten on the target by xid 90003 of the target, written at 0/9003")
                .contains("written at 0/1003 <= last applied 0/1003");
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
    }

    @Test
    void the_row_of_the_acknowledged_transaction_itself_is_no_overwriting() {
        JournalBuilder journal = cutover().write(50, Side.SOURCE);
        journal.row(Side.TARGET, 3, Side.SOURCE);
        assertThat(journal.ledgersRead().judged().history().lost()).isZero();
    }

    @Test
    void a_write_that_was_tried_twice_is_there_when_any_of_its_rows_is_the_acknowledged_one() {
        JournalBuilder journal = cutover().attempt(50, Outcome.ACKNOWLEDGED, Side.SOURCE);
        journal.foreignRow(Side.TARGET, 3, Side.SOURCE).row(Side.TARGET, 3, Side.SOURCE);
        History history = journal.ledgersRead().judged().history();
        assertThat(history.lost()).isZero();
        assertThat(history.duplicated()).isEqualTo(1);
    }

    @Test
    void a_write_whose_client_was_told_no_transaction_is_not_called_overwritten() {
        JournalBuilder journal = cutover().attempt(50, Outcome.UNKNOWN, null);
        journal.foreignRow(Side.TARGET, 3, Side.SOURCE);
        History history = journal.ledgersRead().judged().history();
        assertThat(history.lost()).isZero();
        assertThat(history.resolvedCommitted()).isEqualTo(1);
    }

    @Test
    void every_kind_is_counted_and_held_against_the_applied_position() {
        Losses losses = planted().judged().history().losses();
        assertThat(losses).isEqualTo(new Losses(2, 1, 1, 0, 2, 1));
        assertThat(losses.total()).isEqualTo(4);
        assertThat(losses.positionUnknown()).isEqualTo(1);
    }

    @Test
    void without_an_applied_position_nothing_is_said_of_replication() {
        JournalBuilder journal = new JournalBuilder(NONE_LOST)
                .write(10, Side.SOURCE)
                .moved(100, Side.TARGET)
                .write(200, Side.TARGET);
        Losses losses = journal.ledgersRead().judged().history().losses();
        assertThat(losses.stranded()).isEqualTo(1);
        assertThat(losses.positionUnknown()).isEqualTo(1);
    }

    @Test
    void every_report_tells_the_kinds() {
        Judgement judgement = planted().judged();
        String sentence = "4 lost (2 stranded, 1 overwritten, 1 vanished; 2 never replicated)";
        assertThat(new TextReport().of(judgement)).contains(sentence);
        assertThat(new MarkdownReport().of(judgement)).contains(sentence);
        assertThat(new HtmlReport().of(judgement)).contains("Overwritten", "Never replicated", sentence);
        JsonNode history = JsonMapper.builder()
                .build()
                .readTree(new JsonReport().of(judgement))
                .get("history");
        assertThat(history.get("lost").asLong()).isEqualTo(4);
        assertThat(history.get("stranded").asLong()).isEqualTo(2);
        assertThat(history.get("overwritten").asLong()).isEqualTo(1);
        assertThat(history.get("vanished").asLong()).isEqualTo(1);
        assertThat(history.get("lostNeverReplicated").asLong()).isEqualTo(2);
        assertThat(history.get("lostBeforeApplied").asLong()).isEqualTo(1);
        assertThat(history.get("lostPositionUnknown").asLong()).isEqualTo(1);
    }

    /** Two stranded beyond the applied position, one overwritten before it, one of the target vanished. */
    private static JournalBuilder planted() {
        JournalBuilder journal = cutover().attempt(50, Outcome.ACKNOWLEDGED, Side.SOURCE);
        journal.row(Side.SOURCE, 3, Side.SOURCE).foreignRow(Side.TARGET, 3, Side.TARGET);
        return journal.write(60, Side.SOURCE)
                .write(61, Side.SOURCE)
                .attempt(220, Outcome.ACKNOWLEDGED, Side.TARGET)
                .ledgersRead();
    }

    /** Tokens 1 and 2, both sides agree; the target had applied up to the position of token 3. */
    private static JournalBuilder cutover() {
        return new JournalBuilder(NONE_LOST)
                .write(10, Side.SOURCE)
                .replicated()
                .event(new Event.Applied(ms(90), "0/1003"))
                .moved(100, Side.TARGET)
                .write(200, Side.TARGET);
    }
}
