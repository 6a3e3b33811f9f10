package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;

final class DowntimeTest {
    @Test
    void a_run_without_an_outage_has_zero_downtime() {
        Downtime downtime = write(quiet().goodProbes(0, 8_000, Side.SOURCE));
        assertThat(downtime.totalNanos()).isZero();
        assertThat(downtime.windows()).isEmpty();
        assertThat(downtime.doubt()).isEmpty();
        assertThat(downtime.byTolerance())
                .allSatisfy(each -> assertThat(each.totalNanos()).isZero());
    }

    @Test
    void three_seconds_of_refusal_are_three_seconds_at_every_tolerance() {
        Downtime downtime = write(quiet().goodProbes(0, 2_000, Side.SOURCE)
                .refusedProbes(2_000, 5_000)
                .goodProbes(5_000, 8_000, Side.SOURCE));
        assertThat(downtime.totalNanos()).isBetween(ms(2_980), ms(3_020));
        assertThat(downtime.windows()).containsExactly(new Downtime.Window(ms(2_000), ms(5_000), 300, true));
        assertThat(downtime.longestNanos()).isEqualTo(ms(3_000));
        assertThat(downtime.byTolerance())
                .allSatisfy(each -> assertThat(each.totalNanos()).isEqualTo(ms(3_000)));
        assertThat(downtime.notGood()).isEqualTo(new Downtime.Causes(300, 0, 0, 0, 0, 0));
        assertThat(downtime.errors()).containsOnly(entry("57P01", 300L));
    }

    @Test
    void a_stall_that_is_served_later_costs_its_length_less_the_tolerance() {
        JournalBuilder journal = quiet().goodProbes(0, 2_000, Side.SOURCE);
        for (int at = 2_000; at < 5_000; at += 10) {
            journal.probe(true, at, 5_000 - at, Outcome.ACKNOWLEDGED, Side.SOURCE)
                    .row(Side.SOURCE, journal.token(), Side.SOURCE);
        }
        Downtime downtime = write(journal.goodProbes(5_000, 8_000, Side.SOURCE));
        assertThat(downtime.totalNanos()).isEqualTo(ms(2_500));
        assertThat(at(downtime, ms(50))).isEqualTo(ms(2_950));
        assertThat(at(downtime, ms(1_000))).isEqualTo(ms(2_000));
        assertThat(at(downtime, ms(5_000))).isZero();
        assertThat(at(downtime, Downtime.NO_TOLERANCE_LIMIT)).isZero();
        assertThat(downtime.stallNanos()).isEqualTo(ms(3_000));
        assertThat(downtime.notGood().late()).isEqualTo(250);
    }

    @Test
    void a_black_hole_lasts_as_long_as_it_swallowed() {
        JournalBuilder journal = quiet().goodProbes(0, 2_000, Side.SOURCE);
        for (int at = 2_000; at < 5_000; at += 10) {
            journal.probe(true, at, 60_000, Outcome.UNKNOWN, null);
        }
        Downtime downtime = write(journal.goodProbes(5_000, 8_000, Side.SOURCE));
        assertThat(downtime.totalNanos()).isEqualTo(ms(3_000));
        assertThat(downtime.notGood().unknown()).isEqualTo(300);
    }

    @Test
    void four_good_probes_bridge_two_windows_and_five_part_them() {
        Downtime bridged = write(quiet().refusedProbes(0, 100)
                .goodProbes(100, 140, Side.SOURCE)
                .refusedProbes(140, 200)
                .goodProbes(200, 8_000, Side.SOURCE));
        assertThat(bridged.windows()).containsExactly(new Downtime.Window(0, ms(200), 16, true));
        assertThat(bridged.totalNanos()).isEqualTo(ms(160));
        Downtime parted = write(quiet().refusedProbes(0, 100)
                .goodProbes(100, 150, Side.SOURCE)
                .refusedProbes(150, 200)
                .goodProbes(200, 8_000, Side.SOURCE));
        assertThat(parted.windows())
                .containsExactly(
                        new Downtime.Window(0, ms(100), 10, true), new Downtime.Window(ms(150), ms(200), 5, true));
    }

    @Test
    void an_outage_at_the_end_is_not_seen_to_return() {
        Downtime downtime = write(quiet().goodProbes(0, 7_900, Side.SOURCE)
                .refusedProbes(7_900, 7_970)
                .goodProbes(7_970, 8_000, Side.SOURCE));
        assertThat(downtime.windows()).containsExactly(new Downtime.Window(ms(7_900), ms(8_000), 7, false));
    }

    @Test
    void a_success_on_the_side_without_authority_is_not_good() {
        Downtime downtime = write(quiet().moved(4_000, Side.TARGET)
                .goodProbes(0, 4_500, Side.SOURCE)
                .goodProbes(4_500, 8_000, Side.TARGET)
                .replicated());
        assertThat(downtime.totalNanos()).isEqualTo(ms(500));
        assertThat(downtime.notGood().wrongSide()).isEqualTo(50);
    }

    @Test
    void a_success_on_an_unnamed_side_is_not_good() {
        JournalBuilder journal = quiet().goodProbes(0, 7_990, Side.SOURCE);
        journal.probe(true, 7_990, 2, Outcome.ACKNOWLEDGED, null).row(Side.SOURCE, journal.token(), Side.SOURCE);
        assertThat(write(journal).notGood().wrongSide()).isEqualTo(1);
    }

    @Test
    void an_acknowledged_probe_that_was_lost_is_not_good() {
        JournalBuilder journal = quiet().goodProbes(0, 7_990, Side.SOURCE);
        journal.probe(true, 7_990, 2, Outcome.ACKNOWLEDGED, Side.SOURCE);
        Downtime downtime = write(journal);
        assertThat(downtime.notGood().lost()).isEqualTo(1);
        assertThat(downtime.totalNanos()).isEqualTo(ms(10));
    }

    @Test
    void an_intended_probe_that_was_never_recorded_is_not_good_and_spoils_the_measurement() {
        Downtime downtime = write(quiet().goodProbes(0, 4_000, Side.SOURCE).goodProbes(4_030, 8_000, Side.SOURCE));
        assertThat(downtime.missing()).isEqualTo(3);
        assertThat(downtime.totalNanos()).isEqualTo(ms(30));
        assertThat(downtime.doubt()).contains("3 intended write probes never recorded");
    }

    @Test
    void no_probes_are_no_measurement() {
        assertThat(write(quiet()).doubt()).isEqualTo("no write probe was recorded");
        Judgement judgement = new JournalBuilder("write-downtime < 1s")
                .write(1, Side.SOURCE)
                .ledgersRead()
                .judged();
        assertThat(judgement.write().doubt()).contains("no sentinel was planned");
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void a_sentinel_that_never_stopped_measures_nothing() {
        JournalBuilder journal = new JournalBuilder()
                .event(new Event.SentinelPlan(0, 0, ms(10), ms(500), -1))
                .goodProbes(0, 1_000, Side.SOURCE);
        Downtime downtime = write(journal);
        assertThat(downtime.missing()).isZero();
        assertThat(downtime.doubt()).contains("never recorded that it stopped");
    }

    @Test
    void a_sentinel_that_starts_late_itself_measures_nothing() {
        assertThat(write(jittery(49)).doubt()).isEmpty();
        assertThat(write(jittery(52)).doubt()).contains("started its probes late");
    }

    @Test
    void one_pause_of_the_instrument_in_a_long_run_makes_it_inconclusive_and_is_named() {
        JournalBuilder journal =
                pausedAt(2_000, 600, 300_000).event(new Event.Sample(ms(2_700), "instrument-collector-millis", 580));
        Judgement judgement = journal.ledgersRead().judged();

        assertThat(judgement.write().jitterP99Nanos())
                .as("the percentile misses it")
                .isLessThan(ms(50));
        assertThat(judgement.write().standstill())
                .isEqualTo(new Downtime.Standstill(11, ms(2_000), ms(2_100), ms(600)));
        assertThat(judgement.write().doubt()).startsWith("the sentinel itself stood still");
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .anyMatch(text -> text.contains("stood still") && text.contains("the collector ran for 580 ms"));
    }

    @Test
    void a_pause_of_the_servers_as_long_is_downtime_and_no_doubt() {
        JournalBuilder journal = quiet().goodProbes(0, 2_000, Side.SOURCE);
        for (int at = 2_000; at < 2_600; at += 10) {
            journal.probe(true, at, 2_600 - at + 1, Outcome.ACKNOWLEDGED, Side.SOURCE)
                    .row(Side.SOURCE, journal.token(), Side.SOURCE);
        }
        Downtime downtime = write(journal.goodProbes(2_600, 8_000, Side.SOURCE));
        assertThat(downtime.standstill().probes()).isZero();
        assertThat(downtime.doubt()).isEmpty();
        assertThat(downtime.totalNanos()).isEqualTo(ms(110));
    }

    @Test
    void a_late_start_counts_when_it_alone_made_the_answer_too_late() {
        assertThat(write(late(100, 550)).standstill().probes()).isEqualTo(1);
        assertThat(write(late(100, 490)).standstill().probes())
                .as("in time all the same")
                .isZero();
        assertThat(write(late(100, 700)).standstill().probes())
                .as("too late without it")
                .isZero();
        assertThat(write(late(20, 510)).standstill().probes())
                .as("within the jitter")
                .isZero();
        assertThat(write(late(501, 502)).standstill().probes()).isEqualTo(1);
    }

    @Test
    void fresh_and_warm_connections_are_told_apart() {
        JournalBuilder journal = quiet();
        for (int at = 0; at < 8_000; at += 10) {
            boolean warm = (journal.token() + 1) % 2 == 1;
            boolean stuck = warm && at >= 2_000 && at < 6_000;
            journal.probe(true, at, 2, stuck ? Outcome.FAILED : Outcome.ACKNOWLEDGED, stuck ? null : Side.SOURCE);
            if (!stuck) {
                journal.row(Side.SOURCE, journal.token(), Side.SOURCE);
            }
        }
        Judgement judgement = journal.ledgersRead().judged();
        assertThat(judgement.write().fresh()).isEqualTo(new Downtime.Connections(400, 0, -1));
        assertThat(judgement.write().warm()).isEqualTo(new Downtime.Connections(400, 200, ms(5_980)));
        assertThat(judgement.findings()).anyMatch(finding -> finding.title().startsWith("Old connections"));
    }

    @Test
    void reads_are_measured_apart_from_writes() {
        JournalBuilder journal = quiet().goodProbes(0, 8_000, Side.SOURCE);
        for (int at = 5; at < 8_000; at += 10) {
            boolean down = at >= 1_000 && at < 1_500;
            journal.probe(false, at, 1, down ? Outcome.FAILED : Outcome.ACKNOWLEDGED, down ? null : Side.SOURCE);
        }
        Judgement judgement = journal.ledgersRead().judged();
        assertThat(judgement.write().totalNanos()).isZero();
        assertThat(judgement.read().totalNanos()).isEqualTo(ms(500));
        assertThat(judgement.read().doubt()).isEmpty();
    }

    @Test
    void a_read_on_the_side_without_authority_is_not_good() {
        JournalBuilder journal = quiet().moved(4_000, Side.TARGET);
        for (int at = 0; at < 8_000; at += 10) {
            journal.probe(false, at, 1, Outcome.ACKNOWLEDGED, at < 4_200 ? Side.SOURCE : Side.TARGET);
        }
        Judgement judgement = journal.ledgersRead().judged();
        assertThat(judgement.read().totalNanos()).isEqualTo(ms(200));
        assertThat(judgement.history().staleReads()).isEqualTo(20);
    }

    private static JournalBuilder pausedAt(int pause, int length, int until) {
        JournalBuilder journal = new JournalBuilder("lost-writes = 0").sentinel(0, until);
        for (int at = 0; at < until; at += 10) {
            int start = at < pause || at >= pause + length ? at : pause + length;
            started(journal, at, start, start + 1);
        }
        return journal;
    }

    private static JournalBuilder late(int start, int answer) {
        JournalBuilder journal = quiet();
        for (int at = 0; at < 8_000; at += 10) {
            started(journal, at, at == 4_000 ? at + start : at, at == 4_000 ? at + answer : at + 1);
        }
        return journal;
    }

    private static void started(JournalBuilder journal, int at, int start, int end) {
        journal.event(new Event.Probe(
                        ms(end),
                        true,
                        false,
                        at,
                        ms(at),
                        ms(start),
                        ms(end),
                        Outcome.ACKNOWLEDGED,
                        Side.SOURCE,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .row(Side.SOURCE, at, Side.SOURCE);
    }

    private static JournalBuilder jittery(double jitter) {
        JournalBuilder journal = quiet();
        for (int at = 0; at < 8_000; at += 10) {
            journal.event(new Event.Probe(
                    ms(at),
                    true,
                    true,
                    at,
                    ms(at),
                    ms(at + jitter),
                    ms(at + 60),
                    Outcome.ACKNOWLEDGED,
                    Side.SOURCE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
            journal.row(Side.SOURCE, at, Side.SOURCE);
        }
        return journal;
    }

    private static JournalBuilder quiet() {
        return new JournalBuilder().sentinel(0, 8_000);
    }

    private static Downtime write(JournalBuilder journal) {
        return journal.ledgersRead().judged().write();
    }

    private static long at(Downtime downtime, long tolerance) {
        return downtime.byTolerance().stream()
                .filter(each -> each.toleranceNanos() == tolerance)
                .findFirst()
                .orElseThrow()
                .totalNanos();
    }
}
