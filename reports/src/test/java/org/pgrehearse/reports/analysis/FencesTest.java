package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.render.HtmlReport;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.MarkdownReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.reports.testkit.JournalBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who wrote past a fence, and which keys went two ways after the switch; each planted, with its clean twin. */
final class FencesTest {
    @Test
    void leaks_are_counted_by_role_pool_and_session() {
        History history = leaky().judged().history();
        assertThat(history.leaked()).isEqualTo(5);
        assertThat(history.leaks())
                .containsExactly(
                        new Leak(
                                Side.SOURCE,
                                "shop_batch",
                                "batch",
                                4,
                                2,
                                List.of(new Leak.Session(31, 3), new Leak.Session(32, 1)),
                                ms(160),
                                ms(190),
                                ms(40)),
                        new Leak(
                                Side.SOURCE,
                                "shop_web",
                                "web-1",
                                1,
                                1,
                                List.of(new Leak.Session(21, 1)),
                                ms(165),
                                ms(165),
                                ms(15)));
    }

    @Test
    void who_wrote_before_the_fence_has_no_part_in_a_leak() {
        JournalBuilder journal = new JournalBuilder("leaked-writes = 0")
                .writeBy("shop_batch", "batch", 31, 140, Side.SOURCE)
                .replicated()
                .fenced(150, Side.SOURCE)
                .moved(200, Side.TARGET)
                .write(210, Side.TARGET)
                .ledgersRead();
        assertThat(journal.judged().history().leaks()).isEmpty();
    }

    @Test
    void a_journal_that_names_neither_role_nor_session_still_counts_its_leaks() {
        JournalBuilder journal = new JournalBuilder("leaked-writes = 0")
                .fenced(150, Side.SOURCE)
                .write(160, Side.SOURCE)
                .write(161, Side.SOURCE)
                .replicated()
                .ledgersRead();
        assertThat(journal.judged().history().leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.role()).isEmpty();
            assertThat(leak.pool()).isEqualTo("app-1");
            assertThat(leak.writes()).isEqualTo(2);
            assertThat(leak.busiest()).containsExactly(new Leak.Session(0, 2));
        });
    }

    @Test
    void a_crowd_of_sessions_is_counted_to_its_bound_and_every_write_beyond_it() {
        JournalBuilder journal = new JournalBuilder("leaked-writes = 0").fenced(1, Side.SOURCE);
        int sessions = LeakBook.SESSIONS_MAX + 5;
        for (int i = 1; i <= sessions; i++) {
            journal.writeBy("shop_web", "web-1", i, 2 + i * 0.01, Side.SOURCE);
        }
        Leak leak =
                journal.ledgerRead(Side.SOURCE, true).judged().history().leaks().getFirst();
        assertThat(leak.writes()).isEqualTo(sessions);
        assertThat(leak.sessions()).isEqualTo(LeakBook.SESSIONS_MAX + 1);
        assertThat(leak.busiest()).hasSize(Leak.SESSIONS_LISTED_MAX);
        assertThat(leak.busiest().getFirst()).isEqualTo(new Leak.Session(0, 5));
    }

    @Test
    void every_report_tells_who_leaked() {
        Judgement judgement = leaky().judged();
        String line = "4 writes past the fence of the source by role shop_batch from batch in 2 sessions"
                + " (pid 31: 3, pid 32: 1), the latest started 40 ms after the fence";
        assertThat(new TextReport().of(judgement)).contains(line);
        assertThat(new MarkdownReport().of(judgement)).contains("4 writes past the fence of the source", "pid 31");
        assertThat(new HtmlReport().of(judgement))
                .contains("Writes past a fence, by role and pool", "shop_batch", "pid 31: 3");
        JsonNode leak = json(judgement).get("history").get("leaks").get(0);
        assertThat(leak.get("role").asString()).isEqualTo("shop_batch");
        assertThat(leak.get("pool").asString()).isEqualTo("batch");
        assertThat(leak.get("sessions").asLong()).isEqualTo(2);
        assertThat(leak.get("busiestSessions").get(0).get("backend").asInt()).isEqualTo(31);
    }

    @Test
    void a_key_that_both_sides_acknowledged_writes_of_after_the_switch_has_forked() {
        Judgement judgement = switched("forked-keys = 0")
                .event(write(7, 71, 210, Side.SOURCE, Outcome.ACKNOWLEDGED))
                .event(write(7, 72, 220, Side.TARGET, Outcome.ACKNOWLEDGED))
                .event(write(7, 73, 230, Side.TARGET, Outcome.ACKNOWLEDGED))
                .judged();
        assertThat(judgement.forks().keys()).isEqualTo(1);
        assertThat(judgement.forks().oldSideWrites()).isEqualTo(1);
        assertThat(judgement.forks().newSideWrites()).isEqualTo(2);
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(new HtmlReport().of(judgement)).contains("register 7: the old side acknowledged 1 of its writes");
        assertThat(new MarkdownReport().of(judgement))
                .contains("1 key forked, by 1 write on the old side and 2 on the new one");
        assertThat(new TextReport().of(judgement)).contains("1 key forked");
        assertThat(json(judgement).get("forks").get("keys").asLong()).isEqualTo(1);
    }

    @Test
    void a_fork_that_no_expectation_speaks_of_fails_the_run() {
        Judgement judgement = switched("acknowledged-writes >= 0")
                .event(write(7, 71, 210, Side.SOURCE, Outcome.ACKNOWLEDGED))
                .event(write(7, 72, 220, Side.TARGET, Outcome.ACKNOWLEDGED))
                .judged();
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .contains("1 key was written on both sides after the switch, and no expectation speaks of"
                        + " forked-keys.");
    }

    @Test
    void other_keys_earlier_writes_failed_ones_and_a_way_back_are_no_fork() {
        Judgement judgement = switched("forked-keys = 0")
                .event(write(7, 70, 90, Side.SOURCE, Outcome.ACKNOWLEDGED))
                .event(write(7, 71, 220, Side.TARGET, Outcome.ACKNOWLEDGED))
                .event(write(7, 72, 230, Side.SOURCE, Outcome.FAILED))
                .event(write(8, 81, 240, Side.SOURCE, Outcome.ACKNOWLEDGED))
                .moved(300, Side.SOURCE)
                .event(write(7, 73, 310, Side.SOURCE, Outcome.ACKNOWLEDGED))
                .judged();
        assertThat(judgement.forks().keys()).isZero();
        assertThat(judgement.forks().writes()).isEqualTo(3);
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void without_a_recorded_write_after_a_switch_nothing_is_proven_of_forks() {
        assertThat(switched("forked-keys = 0")
                        .judged()
                        .expectations()
                        .getFirst()
                        .verdict())
                .isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    private static JsonNode json(Judgement judgement) {
        return JsonMapper.builder().build().readTree(new JsonReport().of(judgement));
    }

    private static JournalBuilder switched(String expectation) {
        return new JournalBuilder(expectation).moved(200, Side.TARGET);
    }

    private static Event write(long key, long value, double millis, Side side, Outcome outcome) {
        return new Event.Transaction(
                ms(millis + 2),
                "registers",
                (int) value,
                ms(millis),
                ms(millis),
                ms(millis + 2),
                outcome,
                side,
                Isolation.READ_COMMITTED,
                List.of(new Action.Write(key, value, null)));
    }

    /** The source is fenced at 150; one role of two goes on writing in two sessions, and the other one once. */
    private static JournalBuilder leaky() {
        return new JournalBuilder("leaked-writes = 0")
                .writeBy("shop_web", "web-1", 21, 140, Side.SOURCE)
                .fenced(150, Side.SOURCE)
                .writeBy("shop_batch", "batch", 31, 160, Side.SOURCE)
                .writeBy("shop_web", "web-1", 21, 165, Side.SOURCE)
                .writeBy("shop_batch", "batch", 31, 170, Side.SOURCE)
                .writeBy("shop_batch", "batch", 32, 180, Side.SOURCE)
                .writeBy("shop_batch", "batch", 31, 190, Side.SOURCE)
                .replicated()
                .ledgersRead();
    }
}
