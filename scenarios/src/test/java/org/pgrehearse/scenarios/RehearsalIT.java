package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.anomaly.Anomaly;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Installation;
import org.pgrehearse.scenarios.environment.LocalInstallations;
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
    private static final String PROMISES =
            "promises: {lists: 20/s, registers: 20/s, bank: 10/s, twins: 10/s, ids: 10/s}\n";

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void the_hardened_cutover_loses_nothing() throws InvalidScenario {
        rehearsal("logical-cutover").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
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
                    - {builtin: tpcc}
                    - {name: note, wrap: yes, sql: "INSERT INTO notes (n) VALUES (:n);"}
                    - name: import
                      every: 1s
                      wrap: yes
                      sql: |
                        COPY notes (n) FROM STDIN;
                        \\rows 50 :row
                  variables: {n: 7}
                  setup: {schema-sql: "CREATE TABLE notes (id bigserial PRIMARY KEY, n int)"}
                """).run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(recorder.events(Event.Operation.class))
                .filteredOn(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.write())
                .extracting(each -> each.side() + " " + each.transaction())
                .contains("SOURCE tpcb", "SOURCE queue", "SOURCE note", "TARGET tpcb", "TARGET queue", "TARGET note")
                .contains("SOURCE tpcc-new-order", "TARGET tpcc-new-order", "SOURCE import", "TARGET import");
    }

    @Test
    void a_cutover_in_the_right_order_keeps_every_promise() throws InvalidScenario {
        promising("logical-cutover").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.anomalies().committed()).isGreaterThan(200);
        assertThat(judgement.anomalies().found()).isEmpty();
        for (Invariants.Kind kind : Invariants.Kind.values()) {
            assertThat(judgement.invariants().readings(kind))
                    .as("readings of %s", kind)
                    .isPositive();
            assertThat(judgement.invariants().broken(kind))
                    .as("broken %s", kind)
                    .isZero();
        }
        assertThat(judgement.history().lost()).isZero();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(recorder.events(Event.Transaction.class))
                .extracting(Event.Transaction::side)
                .contains(Side.SOURCE, Side.TARGET);
        assertThat(recorder.events(Event.Verified.class)
                        .getLast()
                        .verification()
                        .tables())
                .extracting(table -> table.source().toString())
                .contains("pgrehearse.lists", "pgrehearse.receipts");
    }

    @Test
    void the_textbook_recipe_breaks_promises_and_is_told_why() throws InvalidScenario {
        promising("textbook-cutover").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.anomalies().forbidden()).isPositive();
        assertThat(judgement.anomalies().forbidden(Anomaly.STALE_READ)).isPositive();
        assertThat(judgement.invariants().broken(Invariants.Kind.SEQUENCE)).isPositive();
        assertThat(judgement.invariants().checks().toString())
                .contains("pgrehearse.receipt_number handed out 1 on the source", "and again on the target");
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .anyMatch(text -> text.contains("no expectation speaks of isolation-anomalies"))
                .anyMatch(text -> text.contains("no expectation speaks of reissued-ids"));
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

    @Test
    void servers_installed_on_this_machine_are_rehearsed_with() throws InvalidScenario {
        List<Installation> here =
                LocalInstallations.detect(System.getenv(), Path.of("/")).all();
        assertThat(here.isEmpty() && Boolean.getBoolean("pgrehearse.tests.complete"))
                .as("everything must be there, and no PostgreSQL is installed")
                .isFalse();
        assumeThat(here).isNotEmpty();
        Installation first = here.getFirst();

        local(first.major()).run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(recorder.events(Event.EnvironmentFact.class))
                .extracting(Event.EnvironmentFact::value)
                .anyMatch(fact -> fact.startsWith("PostgreSQL " + first.version()));
    }

    @Test
    void a_version_that_is_not_installed_is_told_with_what_is_there_and_the_command() throws InvalidScenario {
        List<Installation> here =
                LocalInstallations.detect(System.getenv(), Path.of("/")).all();
        int missing = IntStream.rangeClosed(12, 18)
                .filter(major -> here.stream().noneMatch(one -> one.major() == major))
                .findFirst()
                .orElseThrow();

        local(missing).run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.run().endingDetail())
                .startsWith("Cannot find PostgreSQL " + missing + " on this machine: ")
                .contains("apt-get install postgresql-" + missing);
        assertThat(recorder.events(Event.EnvironmentFact.class)).isEmpty();
    }

    private Rehearsal local(int major) throws InvalidScenario {
        return rehearse(
                "null-run",
                shortened("null-run")
                        .replaceFirst("(?m)^environment:.*\\n(?: .*\\n)*", "")
                        .replace("for: 10s", "for: 2s")
                        .replace(
                                "migration:",
                                "environment: {kind: local, source: " + major + ", target: " + major
                                        + "}\nmigration:"));
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
        String quoted = Matcher.quoteReplacement(load);
        String replaced =
                load.isEmpty() ? shortened(name) : shortened(name).replaceFirst("(?m)^load:.*\\n(?: .*\\n)*", quoted);
        return rehearse(name, replaced);
    }

    /** The same with promises beside the load. */
    private Rehearsal promising(String name) throws InvalidScenario {
        return rehearse(name, shortened(name).replace("migration:", PROMISES + "migration:"));
    }

    private static String shortened(String name) {
        return Catalogue.yaml(name)
                .orElseThrow()
                .replaceAll("orders: \\d+", "orders: 8000")
                .replace("    after: 300ms\n", "") // so little is copied sooner than that
                .replaceAll("rate: \\d+/s", "rate: 100/s")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:");
    }

    private Rehearsal rehearse(String name, String yaml) throws InvalidScenario {
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(name, yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }
}
