package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** Whole rehearsals, shortened. */
final class RehearsalIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void the_hardened_cutover_loses_nothing() throws InvalidScenario {
        rehearsal("logical-cutover").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "leaked-writes")).isEqualTo(RunVerdict.PASSED);
        assertThat(recorder.events(Event.FaultBit.class)).hasSize(2);
    }

    @Test
    void the_textbook_cutover_loses_acknowledged_writes_and_leaves_sequences_behind() throws InvalidScenario {
        rehearsal("textbook-cutover").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.history().lost()).isPositive();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.FAILED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.FAILED);
    }

    @Test
    void commits_without_an_answer_are_resolved_by_what_the_servers_hold() throws InvalidScenario {
        rehearsal("unknown-commits").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(judgement.history().unresolved()).isZero();
        assertThat(judgement.history().resolvedAborted()).as("requests lost").isPositive();
        assertThat(judgement.history().resolvedCommitted()).as("answers lost").isPositive();
        assertThat(recorder.events(Event.FaultBit.class)).hasSize(2);
    }

    @Test
    void scripts_of_the_user_and_of_pgbench_are_proven_through_a_cutover() throws InvalidScenario {
        rehearsal("logical-cutover", """
                load:
                  mode: prepared
                  rate: 100/s
                  scripts:
                    - {builtin: tpcb}
                    - {builtin: queue}
                    - {name: note, wrap: yes, sql: "INSERT INTO notes (n) VALUES (:n);"}
                  variables: {n: 7}
                  setup: {schema-sql: "CREATE TABLE notes (id bigserial PRIMARY KEY, n int)"}
                """).run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(recorder.events(Event.Operation.class))
                .filteredOn(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.write())
                .extracting(each -> each.side() + " " + each.transaction())
                .contains("SOURCE tpcb", "SOURCE queue", "SOURCE note", "TARGET tpcb", "TARGET queue", "TARGET note");
    }

    @Test
    void a_signal_ends_a_run_in_order() throws InvalidScenario, InterruptedException {
        Rehearsal rehearsal = rehearsal("null-run");
        Thread running = Thread.ofPlatform().start(rehearsal::run);
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> rehearsal.live().phase().equals("steady"));
        rehearsal.stop();
        running.join(DEADLINE);

        Event last = recorder.events().getLast();
        assertThat(last).isInstanceOf(Event.RunClosed.class);
        assertThat(((Event.RunClosed) last).ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(Judge.judge(recorder.events()).verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertNoServerIsLeft();
    }

    @Test
    void a_source_that_is_killed_makes_a_run_inconclusive() throws InvalidScenario, InterruptedException {
        Rehearsal rehearsal = rehearsal("null-run");
        Thread running = Thread.ofPlatform().start(rehearsal::run);
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> rehearsal.live().phase().equals("steady"));
        postmasters().stream()
                .filter(process -> process.info().commandLine().orElse("").contains("source"))
                .forEach(ProcessHandle::destroyForcibly);
        running.join(DEADLINE);

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.BROKEN);
        assertThat(judgement.run().endingDetail()).startsWith("The source server is gone");
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertNoServerIsLeft();
    }

    private static RunVerdict observed(Judgement judgement, String name) {
        return judgement.expectations().stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    private static List<ProcessHandle> postmasters() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains("postgres"))
                .toList();
    }

    private static void assertNoServerIsLeft() {
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> postmasters().isEmpty());
    }

    /** A scenario of the catalogue with little data and short waits. */
    private Rehearsal rehearsal(String name) throws InvalidScenario {
        return rehearsal(name, "");
    }

    /** The same with another load. */
    private Rehearsal rehearsal(String name, String load) throws InvalidScenario {
        String shortened = Catalogue.yaml(name)
                .orElseThrow()
                .replaceAll("orders: \\d+", "orders: 8000")
                .replaceAll("rate: \\d+/s", "rate: 100/s")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:");
        String yaml = load.isEmpty() ? shortened : shortened.replaceFirst("(?m)^load:.*\\n(?: .*\\n)*", load);
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(name, yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }
}
