package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.render.HtmlReport;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.reports.testkit.JournalBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Eight seconds of write and read probes every 10 ms, every other one on a fresh connection. */
final class OutagesTest {
    private static final long END = 8_000;

    /** How the probe at an instant fares. */
    private interface Weather {
        Answer at(long millis, boolean write, boolean fresh);
    }

    private record Answer(
            double latency, Outcome outcome, @Nullable Side side) {}

    private static final Answer GOOD = new Answer(2, Outcome.ACKNOWLEDGED, Side.SOURCE);
    private static final Answer REFUSED = new Answer(1, Outcome.FAILED, null);

    @Test
    void a_quiet_run_has_no_downtime_of_any_class() {
        Judgement judgement = judged(new JournalBuilder(), (at, write, fresh) -> GOOD);
        Outages outages = judgement.outages();
        for (Downtime each : new Downtime[] {
            judgement.write(),
            judgement.read(),
            outages.anyRead(),
            outages.connect(),
            outages.database(),
            outages.pool()
        }) {
            assertThat(each.doubt()).isEmpty();
            assertThat(each.totalNanos()).isZero();
            assertThat(each.hardDownNanos()).isZero();
            assertThat(each.degradedNanos()).isZero();
            assertThat(each.recovery().doubt()).isEmpty();
        }
        assertThat(outages.window()).isNull();
        assertThat(outages.clientNanos()).isZero();
    }

    @Test
    void fresh_connections_that_succeed_while_pooled_ones_fail_are_client_downtime() {
        Judgement judgement = judged(
                new JournalBuilder("client-downtime < 1s", "database-downtime = 0", "connect-downtime = 0"),
                (at, write, fresh) -> at >= 2_000 && at < 4_000 && write && !fresh ? REFUSED : GOOD);
        Outages outages = judgement.outages();
        assertThat(outages.database().totalNanos()).isZero();
        assertThat(outages.database().intervalNanos()).isEqualTo(ms(20));
        assertThat(outages.pool().totalNanos()).isEqualTo(ms(2_000));
        assertThat(outages.clientNanos()).isEqualTo(ms(2_000));
        assertThat(judgement.write().hardDownNanos()).isZero();
        assertThat(judgement.write().degradedNanos()).isEqualTo(ms(2_000));
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.FAILED, RunVerdict.PASSED, RunVerdict.PASSED);
    }

    @Test
    void an_outage_of_everything_is_hard_down_and_not_the_clients_alone() {
        Judgement judgement = judged(
                new JournalBuilder("write-hard-down < 1s", "write-degraded = 0", "client-downtime < 50ms"),
                (at, write, fresh) -> at >= 2_000 && at < 4_000 ? REFUSED : GOOD);
        assertThat(judgement.write().hardDownNanos()).isEqualTo(ms(2_000));
        assertThat(judgement.outages().connect().totalNanos()).isEqualTo(ms(2_000));
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.FAILED, RunVerdict.PASSED, RunVerdict.PASSED);
    }

    @Test
    void a_read_on_the_wrong_side_counts_for_any_read_and_not_for_primary_reads() {
        Answer wrong = new Answer(2, Outcome.ACKNOWLEDGED, Side.TARGET);
        Judgement judgement = judged(
                new JournalBuilder("any-read-downtime = 0", "read-downtime < 1s"),
                (at, write, fresh) -> !write && at >= 2_000 && at < 4_000 ? wrong : GOOD);
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.PASSED, RunVerdict.FAILED);
    }

    @Test
    void answers_that_stay_slow_after_a_window_are_its_recovery() {
        Weather weather = (at, write, fresh) -> at >= 2_000 && at < 3_000
                ? REFUSED
                : at >= 3_000 && at < 4_500 ? new Answer(40, Outcome.ACKNOWLEDGED, Side.SOURCE) : GOOD;
        Judgement judgement = judged(new JournalBuilder("write-recovery < 1s", "longest-write-stall < 30ms"), weather);
        Downtime.Recovery recovery = judgement.write().recovery();
        assertThat(recovery.baselineP99Nanos()).isEqualTo(ms(2));
        assertThat(recovery.longestNanos()).isEqualTo(ms(1_500));
        assertThat(judgement.write().totalNanos()).isEqualTo(ms(1_000));
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.FAILED, RunVerdict.FAILED);
    }

    @Test
    void latency_that_never_returns_is_not_called_recovered() {
        Weather weather = (at, write, fresh) -> at >= 2_000 && at < 3_000
                ? REFUSED
                : at >= 3_000 ? new Answer(40, Outcome.ACKNOWLEDGED, Side.SOURCE) : GOOD;
        Judgement judgement = judged(new JournalBuilder("write-recovery < 10s"), weather);
        assertThat(judgement.write().recovery().returned()).isFalse();
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.expectations().getFirst().reason()).contains("not seen to return after the window");
    }

    @Test
    void the_steps_of_a_window_add_up_to_it_and_the_rest_is_unexplained() {
        JournalBuilder journal = new JournalBuilder("unexplained-downtime < 100ms");
        step(journal, "fence", 2_000, 2_100);
        step(journal, "catch-up", 2_100, 2_600);
        step(journal, "switch", 2_900, 3_000);
        journal.moved(2_990, Side.TARGET);
        Answer there = new Answer(2, Outcome.ACKNOWLEDGED, Side.TARGET);
        Judgement judgement = judged(
                journal,
                (at, write, fresh) ->
                        !write ? (at < 2_990 ? GOOD : there) : at < 1_900 ? GOOD : at < 3_200 ? REFUSED : there);
        Outages outages = judgement.outages();
        assertThat(outages.phases())
                .containsExactly(
                        new Outages.Slice("unexplained", ms(400)),
                        new Outages.Slice("fence", ms(100)),
                        new Outages.Slice("catch-up", ms(500)),
                        new Outages.Slice("switch", ms(100)),
                        new Outages.Slice("reconnect", ms(200)));
        Downtime.Window window = outages.window();
        assertThat(window).isNotNull();
        assertThat(outages.phases().stream().mapToLong(Outages.Slice::nanos).sum())
                .isEqualTo(window == null ? 0 : window.nanos());
        assertThat(judgement.expectations().getFirst().observed()).isEqualTo("400 ms");
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(new TextReport().of(judgement)).contains("unexplained 400 ms, fence 100 ms, catch-up 500 ms");
        assertThat(new HtmlReport().of(judgement)).contains("phase by phase", "reconnect", "By class of service");
        JsonNode downtime = JsonMapper.builder()
                .build()
                .readTree(new JsonReport().of(judgement))
                .get("downtime");
        assertThat(downtime.get("longestWriteWindow").get("unexplainedSeconds").asDouble())
                .isEqualTo(0.4);
        assertThat(downtime.get("database").get("hardDownSeconds").asDouble()).isEqualTo(1.3);
    }

    @Test
    void a_class_that_nobody_probed_is_not_measured() {
        JournalBuilder journal = new JournalBuilder("connect-downtime = 0", "client-downtime = 0");
        Judgement judgement =
                journal.sentinel(0, 1_000).goodProbes(0, 1_000, Side.SOURCE).judged();
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::verdict)
                .containsOnly(RunVerdict.INCONCLUSIVE, RunVerdict.PASSED);
        assertThat(judgement.expectations().getFirst().reason())
                .isEqualTo("no read probe on a fresh connection was recorded");
    }

    private static void step(JournalBuilder journal, String name, double from, double until) {
        journal.event(new Event.StepStarted(ms(from), name, ""));
        journal.event(new Event.StepEnded(ms(until), name, Event.StepResult.DONE, ""));
    }

    private static Judgement judged(JournalBuilder journal, Weather weather) {
        journal.sentinel(0, END);
        long token = 0;
        for (long at = 0; at < END; at += 10) {
            boolean fresh = at % 20 == 0;
            for (boolean write : new boolean[] {true, false}) {
                Answer answer = weather.at(at, write, fresh);
                token++;
                long ended = ms((double) at + answer.latency());
                journal.event(new Event.Probe(
                        ended,
                        write,
                        fresh,
                        token,
                        ms((double) at),
                        ms((double) at),
                        ended,
                        answer.outcome(),
                        answer.side(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
                if (write && answer.outcome() == Outcome.ACKNOWLEDGED) {
                    journal.row(Side.TARGET, token, Side.SOURCE).row(Side.SOURCE, token, Side.SOURCE);
                }
            }
        }
        return journal.ledgersRead().judged();
    }
}
