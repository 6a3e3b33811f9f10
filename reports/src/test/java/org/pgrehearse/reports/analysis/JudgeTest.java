package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.verifier.Verdict;

final class JudgeTest {
    @Test
    void a_run_in_which_everything_held_has_passed() {
        Judgement judgement = good().judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(judgement.headline()).isEqualTo("The one expectation held.");
        assertThat(judgement.reasons()).isEmpty();
        assertThat(judgement.findings()).isEmpty();
        assertThat(judgement.environment()).containsEntry("java", "25");
        assertThat(judgement.run().seed()).isEqualTo(42);
    }

    @Test
    void the_verdicts_carry_the_exit_codes_of_the_contract() {
        assertThat(RunVerdict.PASSED.exitCode()).isZero();
        assertThat(RunVerdict.FAILED.exitCode()).isEqualTo(1);
        assertThat(RunVerdict.INCONCLUSIVE.exitCode()).isEqualTo(2);
        assertThat(RunVerdict.PASSED.and(RunVerdict.INCONCLUSIVE).and(RunVerdict.FAILED))
                .isEqualTo(RunVerdict.FAILED);
        assertThat(RunVerdict.PASSED.and(RunVerdict.INCONCLUSIVE)).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void an_empty_recording_is_inconclusive() {
        assertThat(Judge.judge(List.of()).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void a_recording_without_an_end_is_inconclusive() {
        assertReason(Judge.judge(good().open()), RunVerdict.INCONCLUSIVE, "The recording has no end");
    }

    @Test
    void a_recording_without_a_beginning_is_inconclusive() {
        List<Event> events = good().closed();
        assertReason(
                Judge.judge(events.subList(1, events.size())),
                RunVerdict.INCONCLUSIVE,
                "The recording lacks its beginning.");
    }

    @Test
    void a_damaged_recording_is_inconclusive() {
        Judge judge = new Judge();
        good().closed().forEach(judge::accept);
        judge.damaged("its compressed end is missing");
        assertReason(judge.judgement(), RunVerdict.INCONCLUSIVE, "Trouble in journal: its compressed end is missing.");
    }

    @Test
    void a_guard_that_stopped_the_runbook_is_named_and_the_return_of_service_is_told() {
        Judgement judgement = Judge.judge(good().event(new Event.GuardFired(ms(5), "write-downtime < 3s", "3.02 s"))
                .event(new Event.ServiceReturned(ms(900), Side.SOURCE, ms(805)))
                .closed(Event.Ending.ABORTED));

        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.headline()).isEqualTo("Guard write-downtime < 3s stopped the runbook: 3.02 s.");
        assertThat(judgement.findings())
                .extracting(Finding::text)
                .anyMatch(text -> text.startsWith("Guard write-downtime < 3s stopped the runbook at "))
                .anyMatch(text -> text.startsWith("Service returned: ") && text.contains(" after the guard fired."));
    }

    @Test
    void only_a_completed_run_can_pass() {
        assertReason(
                Judge.judge(good().closed(Event.Ending.INTERRUPTED)),
                RunVerdict.INCONCLUSIVE,
                "The run was interrupted.");
        assertReason(
                Judge.judge(good().closed(Event.Ending.BROKEN)), RunVerdict.INCONCLUSIVE, "The run could not go on.");
        assertReason(
                Judge.judge(good().closed(Event.Ending.ABORTED)), RunVerdict.INCONCLUSIVE, "The runbook was aborted");
    }

    @Test
    void a_run_that_broke_off_refutes_what_is_proven_and_nothing_else() {
        JournalBuilder outage = new JournalBuilder("write-downtime < 1s", "acknowledged-writes > 100000")
                .sentinel(0, 8_000)
                .goodProbes(0, 2_000, Side.SOURCE)
                .refusedProbes(2_000, 8_000)
                .ledgersRead();
        assertThat(Judge.judge(outage.closed(Event.Ending.COMPLETED)).verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(Judge.judge(outage.closed(Event.Ending.BROKEN)).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);

        JournalBuilder loss = new JournalBuilder("lost-writes = 0").sentinel(0, 100);
        loss.probe(true, 10, 1, Outcome.ACKNOWLEDGED, Side.SOURCE).ledgersRead();
        assertThat(Judge.judge(loss.closed(Event.Ending.BROKEN)).verdict()).isEqualTo(RunVerdict.FAILED);
    }

    @Test
    void a_step_that_failed_fails_the_run() {
        Judgement judgement = Judge.judge(good().event(new Event.StepStarted(ms(5), "fence", "Refuse writes"))
                .event(new Event.StepEnded(ms(6), "fence", Event.StepResult.FAILED, "lock timeout"))
                .closed(Event.Ending.ABORTED));
        assertReason(judgement, RunVerdict.FAILED, "Step fence failed: lock timeout.");
        assertThat(judgement.reasons()).hasSize(1);
    }

    @Test
    void a_step_that_failed_as_expected_does_not() {
        Judgement judgement = Judge.judge(good("ending = aborted")
                .event(new Event.StepStarted(ms(5), "fence", "Refuse writes"))
                .event(new Event.StepEnded(ms(6), "fence", Event.StepResult.FAILED, "lock timeout"))
                .closed(Event.Ending.ABORTED));
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_step_that_never_ended_is_a_doubt() {
        assertReason(
                good().event(new Event.StepStarted(ms(5), "fence", "")).judged(),
                RunVerdict.INCONCLUSIVE,
                "Step fence never ended.");
    }

    @Test
    void trouble_makes_a_run_inconclusive() {
        assertReason(
                good().event(new Event.Trouble(ms(5), "sentinel", "a worker died"))
                        .judged(),
                RunVerdict.INCONCLUSIVE,
                "Trouble in sentinel: a worker died.");
    }

    @Test
    void an_event_without_sense_spoils_the_recording_and_no_other_event() {
        Judgement judgement = good("lost-writes = 0")
                .event(new Event.LedgerPage(ms(6), Side.SOURCE, List.of(new Event.LedgerRow(9, Side.SOURCE, 1, "?"))))
                .event(new Event.Applied(ms(7), "0/xyz"))
                .judged();
        assertReason(judgement, RunVerdict.INCONCLUSIVE, "an event makes no sense: not a log position: ?");
        assertThat(judgement.expectations().getFirst().verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_fault_that_bit_and_healed_is_fine() {
        Judgement judgement = good().event(new Event.FaultAsked(ms(5), "reset", "reset-peer", "proxy app", ""))
                .event(new Event.FaultEdge(ms(6), "reset", true, ms(4), ms(6)))
                .event(new Event.FaultBit(ms(6), "reset", "3 connections"))
                .event(new Event.FaultEdge(ms(9), "reset", false, ms(7), ms(8)))
                .event(new Event.FaultHealed(ms(9), "reset", true, ""))
                .judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
        FaultRecord fault = judgement.faults().getFirst();
        assertThat(fault.evidence()).isEqualTo("3 connections");
        assertThat(fault.endNanos()).isEqualTo(ms(9));
        assertThat(fault.began()).isEqualTo(new FaultRecord.Edge(ms(4), ms(6)));
        assertThat(fault.ended()).isEqualTo(new FaultRecord.Edge(ms(7), ms(8)));
    }

    @Test
    void a_fault_that_never_bit_is_a_doubt() {
        assertReason(
                good().event(new Event.FaultAsked(ms(5), "reset", "reset-peer", "proxy app", ""))
                        .event(new Event.FaultHealed(ms(9), "reset", true, ""))
                        .judged(),
                RunVerdict.INCONCLUSIVE,
                "Fault reset was asked for and never seen to bite.");
    }

    @Test
    void a_fault_that_could_not_be_healed_fails_the_run() {
        JournalBuilder bitten = good().event(new Event.FaultAsked(ms(5), "reset", "reset-peer", "proxy app", ""))
                .event(new Event.FaultBit(ms(6), "reset", "3 connections"));
        assertReason(bitten.judged(), RunVerdict.FAILED, "Fault reset was not healed.");
        assertReason(
                bitten.event(new Event.FaultHealed(ms(9), "reset", false, "proxy gone"))
                        .judged(),
                RunVerdict.FAILED,
                "Fault reset was not healed: proxy gone.");
    }

    @Test
    void a_fault_of_a_run_that_died_may_have_healed() {
        Judgement judgement = Judge.judge(good().event(new Event.FaultAsked(ms(5), "reset", "reset-peer", "proxy", ""))
                .event(new Event.FaultBit(ms(6), "reset", ""))
                .open());
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void each_use_of_a_fault_is_judged_alone() {
        JournalBuilder journal = good();
        for (int i = 0; i < 2; i++) {
            journal.event(new Event.FaultAsked(ms(10 * i + 5), "reset", "reset-peer", "proxy app", ""))
                    .event(new Event.FaultBit(ms(10 * i + 6), "reset", ""));
        }
        Judgement judgement =
                journal.event(new Event.FaultHealed(ms(20), "reset", true, "")).judged();
        assertThat(judgement.faults()).extracting(FaultRecord::healed).containsExactly(false, true);
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
    }

    @Test
    void a_load_of_which_nothing_was_acknowledged_is_a_doubt() {
        assertReason(
                new JournalBuilder("lost-writes = 0")
                        .attempt(1, Outcome.FAILED, null)
                        .ledgersRead()
                        .judged(),
                RunVerdict.INCONCLUSIVE,
                "The load ran, and not one operation was acknowledged.");
    }

    @Test
    void a_sentinel_without_probes_or_without_answers_is_a_doubt() {
        assertReason(
                good().sentinel(0, 100).judged(),
                RunVerdict.INCONCLUSIVE,
                "A sentinel was planned, and not one probe was recorded.");
        assertReason(
                good().sentinel(0, 100).refusedProbes(0, 100).judged(),
                RunVerdict.INCONCLUSIVE,
                "The sentinel ran, and not one of its writes was acknowledged.");
    }

    @Test
    void probes_that_are_missing_are_a_doubt() {
        assertReason(
                good().sentinel(0, 100).refusedProbes(0, 90).judged(),
                RunVerdict.INCONCLUSIVE,
                "The write downtime is not measured: 1 intended write probe never recorded");
    }

    @Test
    void a_scenario_that_expects_nothing_proves_nothing() {
        assertReason(
                new JournalBuilder().write(1, Side.SOURCE).ledgersRead().judged(),
                RunVerdict.INCONCLUSIVE,
                "The scenario expects nothing, so nothing can be proven.");
    }

    @Test
    void an_expectation_that_makes_no_sense_is_a_doubt() {
        assertReason(good("up-time = 1").judged(), RunVerdict.INCONCLUSIVE, "An expectation cannot be judged");
    }

    @Test
    void a_ledger_that_was_not_read_is_a_doubt() {
        assertReason(
                new JournalBuilder("acknowledged-writes >= 1")
                        .write(1, Side.SOURCE)
                        .judged(),
                RunVerdict.INCONCLUSIVE,
                "The fate of writes is not certain: the ledger on the source was not read.");
    }

    @Test
    void what_is_proven_wrong_fails_even_without_an_expectation() {
        JournalBuilder lost = new JournalBuilder("acknowledged-writes >= 1")
                .attempt(1, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .ledgersRead();
        assertReason(
                lost.judged(),
                RunVerdict.FAILED,
                "1 acknowledged write was lost, and no expectation speaks of lost-writes.");
        assertReason(
                good().verified(Verifications.of(Verdict.DIVERGENT, Verdict.CONSISTENT))
                        .judged(),
                RunVerdict.FAILED,
                "The tables differ, and no expectation speaks of data.");
        assertReason(
                good("data = consistent")
                        .verified(Verifications.of(Verdict.CONSISTENT, Verdict.DIVERGENT))
                        .judged(),
                RunVerdict.FAILED,
                "The sequences differ, and no expectation speaks of sequences.");
        assertReason(
                good().verified(Verifications.of(Verdict.INCONCLUSIVE, Verdict.CONSISTENT))
                        .judged(),
                RunVerdict.INCONCLUSIVE,
                "The tables could not all be compared");
    }

    @Test
    void what_is_expected_to_be_wrong_may_be_wrong() {
        JournalBuilder lost = new JournalBuilder("lost-writes > 0", "data = divergent")
                .attempt(1, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .write(2, Side.SOURCE)
                .verified(Verifications.of(Verdict.DIVERGENT, Verdict.CONSISTENT))
                .ledgersRead();
        assertThat(lost.judged().verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(lost.judged().headline()).isEqualTo("All 2 expectations held.");
        assertThat(lost.judged().findings()).hasSize(2);
    }

    @Test
    void failure_is_said_before_doubt() {
        Judgement judgement = good("acknowledged-writes > 100")
                .event(new Event.Trouble(ms(5), "monitor", "lost its connection"))
                .judged();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.headline()).isEqualTo("Expected acknowledged-writes > 100, observed 1.");
        assertThat(judgement.reasons()).hasSize(2);
    }

    @Test
    void a_run_that_went_wrong_is_explained_by_what_went_wrong_first() {
        Judgement died = Judge.judge(
                new JournalBuilder("lost-writes = 0").write(1, Side.SOURCE).open());
        assertThat(died.headline())
                .isEqualTo("The recording has no end: the run died, or was still going on (and 2 more reasons).");
        assertThat(died.reasonsBeyondExpectations()).hasSize(2);
        Judgement broken = Judge.judge(new JournalBuilder("acknowledged-writes > 100")
                .write(1, Side.SOURCE)
                .ledgersRead()
                .event(new Event.StepEnded(ms(6), "fence", Event.StepResult.FAILED, "lock timeout"))
                .closed());
        assertThat(broken.headline()).isEqualTo("Step fence failed: lock timeout (and 1 more reason).");
    }

    @Test
    void phases_end_where_the_next_begins() {
        Judgement judgement = good().event(new Event.PhaseStarted(ms(50), "cutover"))
                .event(new Event.PhaseStarted(ms(1), "load"))
                .judged();
        assertThat(judgement.phases())
                .containsExactly(new Phase("load", ms(1), ms(50)), new Phase("cutover", ms(50), ms(10_000)));
    }

    @Test
    void the_curves_hold_every_operation() {
        Timeline timeline = good().attempt(4_950, Outcome.FAILED, null)
                .event(new Event.Sample(ms(20), "replication-lag-bytes", 7))
                .sentinel(0, 20)
                .refusedProbes(0, 20)
                .judged()
                .timeline();
        assertThat(timeline.bucketNanos()).isEqualTo(ms(100));
        assertThat(timeline.buckets()).hasSize(101);
        assertThat(timeline.buckets().getFirst()).isEqualTo(new Timeline.Bucket(0, 1, 0, 0, ms(2), ms(2), ms(2)));
        assertThat(timeline.buckets().get(49)).isEqualTo(new Timeline.Bucket(ms(4_900), 0, 1, 0, -1, -1, -1));
        assertThat(timeline.monitors())
                .containsExactly(
                        new Timeline.Monitor("replication-lag-bytes", List.of(new Timeline.Reading(ms(20), 7))));
        assertThat(timeline.dots()).hasSize(2);
    }

    @Test
    void many_probes_and_samples_are_thinned_without_losing_the_worst() {
        JournalBuilder journal = good();
        for (int i = 0; i < 30_000; i++) {
            boolean worst = i == 12_345;
            journal.event(new Event.Sample(ms(i), "replication-lag-bytes", worst ? 99 : 1));
            journal.event(new Event.Probe(
                    ms(i),
                    true,
                    true,
                    1_000 + i,
                    ms(i),
                    ms(i),
                    ms(i + (worst ? 400 : 1)),
                    Outcome.ACKNOWLEDGED,
                    Side.SOURCE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
        }
        Timeline timeline = journal.judged().timeline();
        assertThat(timeline.dots()).hasSizeBetween(100, 20_000).anyMatch(dot -> dot.nanos() == ms(400));
        assertThat(timeline.monitors().getFirst().readings())
                .hasSizeBetween(100, 10_000)
                .contains(new Timeline.Reading(ms(12_345), 99));
    }

    private static JournalBuilder good(String... expectations) {
        return new JournalBuilder(expectations.length == 0 ? new String[] {"acknowledged-writes >= 1"} : expectations)
                .write(1, Side.SOURCE)
                .ledgersRead();
    }

    private static void assertReason(Judgement judgement, RunVerdict verdict, String text) {
        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.reasons()).as("%s", judgement.reasons()).anySatisfy(reason -> {
            assertThat(reason.verdict()).isEqualTo(verdict);
            assertThat(reason.text()).contains(text);
        });
    }
}
