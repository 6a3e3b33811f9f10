package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

final class ExpectationTest {
    @Test
    void every_problem_is_reported_at_once() {
        Expectation.Parsed parsed = Expectation.parse(List.of(
                "lost-writes = 0",
                "lost-writes",
                "uptime > 1",
                "write-downtime < 2",
                "data > consistent",
                "lost-writes = few",
                "split-brain = maybe",
                "lost-writes == 0"));
        assertThat(parsed.expectations())
                .singleElement()
                .extracting(Expectation::name)
                .isEqualTo("lost-writes");
        assertThat(parsed.problems())
                .containsExactly(
                        "\"lost-writes\" is not an expectation. Write NAME OP LIMIT, such as: lost-writes = 0.",
                        "\"uptime > 1\": there is no expectation named uptime. Known names: " + Gate.allNames() + ".",
                        "\"write-downtime < 2\": 2 is not a duration such as 50ms, 2s or 1m.",
                        "\"data > consistent\": data can only be compared with =.",
                        "\"lost-writes = few\": few is not a whole number such as 0.",
                        "\"split-brain = maybe\": maybe is not yes or no.",
                        "\"lost-writes == 0\" is not an expectation. Write NAME OP LIMIT, such as: lost-writes = 0.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lost-writes=0",
                "lost-writes = none",
                "  write-downtime   <=   1.5s ",
                "longest-write-downtime < 1m",
                "read-downtime <= 0",
                "longest-read-downtime < 50ms",
                "split-brain = none",
                "data = consistent",
                "sequences = divergent",
                "schema = consistent",
                "acknowledged-writes >= 1000",
                "write-p99 < 50ms",
                "read-p99 < 50ms",
                "failed-operations = 0",
                "duplicated-writes = 0",
                "resurrected-writes = 0",
                "unresolved-writes = 0",
                "leaked-writes = 0",
                "lost-unknown-writes <= 3",
                "ending = aborted"
            })
    void every_name_has_a_limit_that_fits(String line) {
        assertThat(Expectation.parse(List.of(line)).problems()).isEmpty();
        assertThat(Expectation.parse(List.of(line)).expectations()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "lost-writes = 2, PASSED", "lost-writes = 1, FAILED", "lost-writes = 3, FAILED", "lost-writes < 3, PASSED",
        "lost-writes < 2, FAILED", "lost-writes <= 2, PASSED", "lost-writes <= 1, FAILED", "lost-writes > 1, PASSED",
        "lost-writes > 2, FAILED", "lost-writes >= 2, PASSED", "lost-writes >= 3, FAILED"
    })
    void each_operator_means_what_it_says(String line, RunVerdict verdict) {
        JournalBuilder journal = new JournalBuilder(line)
                .attempt(1, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .attempt(2, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .ledgersRead();
        assertThat(only(journal).verdict()).isEqualTo(verdict);
        assertThat(only(journal).observed()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "duplicated-writes = 0, FAILED, at least 1", "duplicated-writes < 1, FAILED, at least 1",
        "duplicated-writes > 0, PASSED, at least 1", "duplicated-writes = 1, INCONCLUSIVE, 1 seen",
        "duplicated-writes <= 5, INCONCLUSIVE, 1 seen", "duplicated-writes > 1, INCONCLUSIVE, 1 seen"
    })
    void what_was_seen_of_a_cut_ledger_can_only_break_a_limit(String line, RunVerdict verdict, String observed) {
        JournalBuilder journal = new JournalBuilder(line)
                .write(1, Side.SOURCE)
                .row(Side.SOURCE, 1, Side.SOURCE)
                .ledgerRead(Side.SOURCE, false);
        assertThat(only(journal).verdict()).isEqualTo(verdict);
        assertThat(only(journal).observed()).isEqualTo(observed);
    }

    @Test
    void unresolved_writes_are_a_doubt_and_not_a_failure() {
        JournalBuilder journal = new JournalBuilder("unresolved-writes = 0").attempt(1, Outcome.UNKNOWN, null);
        assertThat(only(journal).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        JournalBuilder allowed = new JournalBuilder("unresolved-writes <= 1").attempt(1, Outcome.UNKNOWN, null);
        assertThat(only(allowed).verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void downtime_is_compared_as_time() {
        assertThat(only(outage("write-downtime < 400ms")).verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(only(outage("write-downtime <= 0.4s")).verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(only(outage("write-downtime < 1m")).verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(only(outage("write-downtime = 0")).observed()).isEqualTo("400 ms");
        assertThat(only(outage("longest-write-downtime <= 300ms")).verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(only(outage("longest-write-downtime < 300ms")).verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(only(outage("read-downtime < 1m")).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void split_brain_takes_yes_and_no() {
        JournalBuilder split = new JournalBuilder("split-brain = no")
                .write(1, Side.SOURCE)
                .write(10, Side.TARGET)
                .write(20, Side.SOURCE);
        assertThat(only(split).verdict()).isEqualTo(RunVerdict.FAILED);
        JournalBuilder whole =
                new JournalBuilder("split-brain = none").write(1, Side.SOURCE).ledgersRead();
        assertThat(only(whole).verdict()).isEqualTo(RunVerdict.PASSED);
        JournalBuilder unread = new JournalBuilder("split-brain = no").write(1, Side.SOURCE);
        assertThat(only(unread).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void nothing_can_leak_through_a_fence_that_was_never_there() {
        JournalBuilder unfenced =
                new JournalBuilder("leaked-writes = 0").write(1, Side.SOURCE).ledgersRead();
        assertThat(only(unfenced).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        JournalBuilder fenced = new JournalBuilder("leaked-writes = 0")
                .write(1, Side.SOURCE)
                .fenced(5, Side.SOURCE)
                .ledgersRead();
        assertThat(only(fenced).verdict()).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void data_sequences_and_schema_are_judged_apart() {
        Verification sequences = Verifications.of(Verdict.CONSISTENT, Verdict.DIVERGENT);
        assertThat(only(new JournalBuilder("data = consistent").verified(sequences))
                        .verdict())
                .isEqualTo(RunVerdict.PASSED);
        assertThat(only(new JournalBuilder("sequences = consistent").verified(sequences))
                        .verdict())
                .isEqualTo(RunVerdict.FAILED);
        assertThat(only(new JournalBuilder("sequences = divergent").verified(sequences))
                        .verdict())
                .isEqualTo(RunVerdict.PASSED);
        assertThat(only(new JournalBuilder("schema = consistent").verified(sequences))
                        .verdict())
                .isEqualTo(RunVerdict.PASSED);
        assertThat(only(new JournalBuilder("data = consistent")).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        ExpectationResult unread = only(new JournalBuilder("data = consistent")
                .verified(Verifications.of(Verdict.INCONCLUSIVE, Verdict.CONSISTENT)));
        assertThat(unread.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(unread.reason()).isEqualTo("public.orders was not compared: permission denied (42501)");
    }

    @Test
    void a_comparison_of_nothing_proves_nothing() {
        Verification.Endpoint endpoint = new Verification.Endpoint("postgresql://127.0.0.1:1/app", "15.14");
        Verification empty = new Verification(
                endpoint, endpoint, Instant.EPOCH, Duration.ZERO, List.of(), List.of(), List.of(), List.of());
        assertThat(only(new JournalBuilder("data = consistent").verified(empty)).verdict())
                .isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(only(new JournalBuilder("sequences = consistent").verified(empty))
                        .verdict())
                .isEqualTo(RunVerdict.INCONCLUSIVE);
        Verification skipped = new Verification(
                endpoint,
                endpoint,
                Instant.EPOCH,
                Duration.ZERO,
                Verifications.of(Verdict.CONSISTENT, Verdict.CONSISTENT).tables(),
                List.of(),
                List.of(),
                List.of(new Verification.Skipped("public.big", "a foreign table")));
        assertThat(only(new JournalBuilder("data = consistent").verified(skipped))
                        .reason())
                .isEqualTo("public.big was not compared: a foreign table");
    }

    @Test
    void latencies_and_counts_come_from_the_load() {
        JournalBuilder journal = new JournalBuilder(
                        "write-p99 < 500ms", "read-p99 < 500ms", "acknowledged-writes >= 2", "failed-operations = 0")
                .operation(true, 1, 2, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .operation(true, 2, 900, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .operation(false, 3, 4, Outcome.ACKNOWLEDGED, Side.SOURCE)
                .operation(false, 3, 3, Outcome.FAILED, null);
        assertThat(journal.judged().expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.FAILED, RunVerdict.PASSED, RunVerdict.PASSED, RunVerdict.FAILED);
        assertThat(new JournalBuilder("write-p99 < 1s", "failed-operations = 0")
                        .judged()
                        .expectations())
                .extracting(ExpectationResult::verdict)
                .containsOnly(RunVerdict.INCONCLUSIVE);
    }

    @Test
    void a_run_without_writes_cannot_show_that_none_was_lost() {
        ExpectationResult result = only(new JournalBuilder("lost-writes = 0").ledgersRead());
        assertThat(result.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(result.reason()).isEqualTo("no write was recorded");
    }

    @Test
    void the_ending_can_be_expected() {
        JournalBuilder journal = new JournalBuilder("ending = aborted");
        assertThat(Judge.judge(journal.closed(Event.Ending.ABORTED)).expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.PASSED);
        assertThat(Judge.judge(journal.closed()).expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.FAILED);
        assertThat(Judge.judge(journal.open()).expectations())
                .extracting(ExpectationResult::verdict)
                .containsExactly(RunVerdict.INCONCLUSIVE);
    }

    private static JournalBuilder outage(String expectation) {
        JournalBuilder journal = new JournalBuilder(expectation).sentinel(0, 2_000);
        journal.goodProbes(0, 500, Side.SOURCE).refusedProbes(500, 800).goodProbes(800, 1_000, Side.SOURCE);
        return journal.refusedProbes(1_000, 1_100)
                .goodProbes(1_100, 2_000, Side.SOURCE)
                .ledgersRead();
    }

    private static ExpectationResult only(JournalBuilder journal) {
        return journal.judged().expectations().getFirst();
    }
}
