package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;
import static org.pgrehearse.reports.testkit.TransactionBuilder.append;
import static org.pgrehearse.reports.testkit.TransactionBuilder.list;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.render.HtmlReport;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.MarkdownReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.TransactionBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was promised to transactions, from the journal to the verdict and to every report. */
final class PromisesTest {
    private static final String SKEW = "isolation-anomalies = 0";

    @Test
    void a_forbidden_anomaly_refutes_the_expectation_and_its_allowed_twin_does_not() {
        assertThat(result(skew(Isolation.SERIALIZABLE, SKEW))).isEqualTo(RunVerdict.FAILED);
        assertThat(result(skew(Isolation.REPEATABLE_READ, SKEW))).isEqualTo(RunVerdict.PASSED);
        assertThat(result(new JournalBuilder(SKEW))).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void a_forbidden_anomaly_that_no_expectation_speaks_of_fails_the_run() {
        Judgement judgement = skew(Isolation.SERIALIZABLE, "stale-reads = 0").judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .contains("1 forbidden isolation anomaly was found, and no expectation speaks of"
                        + " isolation-anomalies.");
    }

    @Test
    void stale_reads_and_sessions_have_expectations_of_their_own() {
        JournalBuilder journal = new JournalBuilder("stale-reads = 0", "session-anomalies = 0");
        new TransactionBuilder(Isolation.READ_COMMITTED)
                .by(1, append(1, 11))
                .by(1, list(1))
                .events()
                .forEach(journal::event);
        assertThat(journal.judged().expectations())
                .allSatisfy(each -> assertThat(each.observed()).isEqualTo("1"))
                .allSatisfy(each -> assertThat(each.verdict()).isEqualTo(RunVerdict.FAILED));
    }

    @Test
    void every_report_tells_the_anomaly_with_its_evidence() {
        Judgement judgement = skew(Isolation.SERIALIZABLE, SKEW).judged();
        assertThat(new TextReport().of(judgement))
                .contains("isolation", "1 anomaly that their levels exclude", "G2-item (write skew), 1 case", "(rw)");
        assertThat(new HtmlReport().of(judgement)).contains("What transactions were promised", "G2-item");
        assertThat(new MarkdownReport().of(judgement)).contains("Isolation", "1 anomaly that their levels exclude");
        JsonNode isolation = JsonMapper.builder()
                .build()
                .readTree(new JsonReport().of(judgement))
                .get("isolation");
        assertThat(isolation.get("forbidden").asLong()).isEqualTo(1);
        assertThat(isolation.get("anomalies").get(0).get("name").asString()).isEqualTo("G2-item");
        assertThat(isolation
                        .get("anomalies")
                        .get(0)
                        .get("examples")
                        .get(0)
                        .get("text")
                        .asString())
                .contains("(rw)");
    }

    @Test
    void what_the_warm_up_shows_too_is_named_as_baseline() {
        JournalBuilder journal = new JournalBuilder(SKEW).event(new Event.PhaseStarted(ms(1), "warm-up"));
        List<Event.Transaction> events = new TransactionBuilder(Isolation.SERIALIZABLE)
                .lasting(15)
                .ok(list(1), append(2, 21))
                .ok(list(2), append(1, 11))
                .ok(list(1, 11L), list(2, 21L))
                .ok(list(3), append(4, 41))
                .ok(list(4), append(3, 31))
                .events();
        events.subList(0, 2).forEach(journal::event);
        journal.event(new Event.PhaseStarted(ms(38), "cutover"));
        events.subList(2, 5).forEach(journal::event);
        Judgement judgement = journal.judged();
        Anomalies.Found skews = judgement.anomalies().found().getFirst();
        assertThat(skews.count()).isEqualTo(2);
        assertThat(skews.baseline()).isEqualTo(1);
        assertThat(judgement.findings())
                .extracting(Finding::title)
                .contains("G2-item (write skew), 2 cases, 1 of them in the warm-up, before the migration");
    }

    @Test
    void a_total_that_is_off_in_one_snapshot_is_told_with_first_worst_and_last() {
        JournalBuilder journal = new JournalBuilder("totals-broken = 0");
        for (int i = 0; i < 10; i++) {
            long off = i == 4 ? -30 : i == 6 ? 50 : i == 8 ? 1 : 0;
            journal.event(
                    new Event.TotalRead(ms(i + 1), "balances", ms(i), ms(i + 1), Side.TARGET, 100, 1_000 + off, 1_000));
        }
        Judgement judgement = journal.judged();
        Invariants.Check check = judgement.invariants().checks().getFirst();
        assertThat(check.readings()).isEqualTo(10);
        assertThat(check.broken()).isEqualTo(3);
        assertThat(check.cases()).extracting(Invariants.Case::which).containsExactly("first", "worst", "last");
        assertThat(check.cases().get(1).text())
                .isEqualTo("the sum of balances over 100 rows, read on the target from 0.006 s to 0.007 s in one"
                        + " snapshot, was 1,050 instead of 1,000: off by +50");
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(result(new JournalBuilder("totals-broken = 0"))).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(new TextReport().of(judgement)).contains("10 readings of 1 invariant, 3 broken");
        assertThat(new HtmlReport().of(judgement)).contains("off by +50");
    }

    @Test
    void twins_that_differ_are_told() {
        JournalBuilder journal = new JournalBuilder("twins-broken = 0");
        journal.event(new Event.TwinsRead(ms(2), "orders and orders_twin", ms(1), ms(2), Side.TARGET, 0, 0, ""));
        assertThat(result(journal)).isEqualTo(RunVerdict.PASSED);
        journal.event(new Event.TwinsRead(ms(4), "orders and orders_twin", ms(3), ms(4), Side.TARGET, 2, 1, "id 7"));
        assertThat(result(journal)).isEqualTo(RunVerdict.FAILED);
        assertThat(journal.judged().findings().getFirst().text())
                .contains("2 rows only in the first, 1 only in the second, such as id 7");
    }

    @Test
    void a_number_that_is_handed_out_again_after_the_cutover_is_told_with_both_sides() {
        JournalBuilder journal = new JournalBuilder("reissued-ids = 0");
        journal.event(issued(1, 100, Outcome.ACKNOWLEDGED, Side.SOURCE));
        journal.event(issued(2, 101, Outcome.FAILED, Side.SOURCE));
        journal.event(issued(3, 101, Outcome.ACKNOWLEDGED, Side.TARGET));
        assertThat(result(journal)).isEqualTo(RunVerdict.PASSED);
        journal.event(issued(4, 100, Outcome.ACKNOWLEDGED, Side.TARGET));
        assertThat(result(journal)).isEqualTo(RunVerdict.FAILED);
        assertThat(journal.judged().findings().getFirst().text())
                .contains("orders_id_seq handed out 100 on the source to process 1, acknowledged at 0.002 s and again"
                        + " on the target to process 4, acknowledged at 0.005 s");
    }

    private static Event issued(int process, long id, Outcome outcome, Side side) {
        return new Event.IdIssued(
                ms(process + 1), "orders_id_seq", process, ms(process), ms(process + 1), outcome, side, id);
    }

    private static JournalBuilder skew(Isolation level, String... expectations) {
        JournalBuilder journal = new JournalBuilder(expectations);
        new TransactionBuilder(level)
                .lasting(100)
                .ok(list(1), append(2, 21))
                .ok(list(2), append(1, 11))
                .events()
                .forEach(journal::event);
        return journal;
    }

    private static RunVerdict result(JournalBuilder journal) {
        return journal.judged().expectations().getFirst().verdict();
    }
}
