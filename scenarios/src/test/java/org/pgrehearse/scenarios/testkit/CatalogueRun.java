package org.pgrehearse.scenarios.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.Rehearsal;
import org.pgrehearse.scenarios.RehearsalPlan;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.verifier.TableComparison;

/** One run of a scenario of the catalogue, with little data, little load and short waits, and what it was judged. */
public record CatalogueRun(MemoryRecorder recorder, Judgement judgement) {
    /** Runs it as it is in the catalogue but for its size. */
    public static CatalogueRun of(String name, Path logs) throws InvalidScenario {
        return of(name, logs, UnaryOperator.identity());
    }

    /** Runs what needs a program or an extension that may not be installed. */
    public static CatalogueRun whereInstalled(String name, Path logs) throws InvalidScenario {
        return whereInstalled(name, logs, UnaryOperator.identity());
    }

    /**
     * The same with a change of its text. Where the software is missing the test is left undecided, and fails where
     * everything must be there: {@code -Dpgrehearse.tests.complete=true}.
     */
    public static CatalogueRun whereInstalled(String name, Path logs, UnaryOperator<String> change)
            throws InvalidScenario {
        CatalogueRun run = of(name, logs, change);
        String detail = run.judgement().run().endingDetail();
        boolean missing = detail.contains("apt-get install") || detail.contains("go install");
        assertThat(missing && Boolean.getBoolean("pgrehearse.tests.complete"))
                .as(detail)
                .isFalse();
        Assumptions.assumeFalse(missing, detail);
        return run;
    }

    /** Runs it with a change of its text. */
    public static CatalogueRun of(String name, Path logs, UnaryOperator<String> change) throws InvalidScenario {
        String yaml = Catalogue.yaml(name)
                .orElseThrow()
                .replaceAll("orders: \\d+(?=\n)", "orders: 8000")
                .replaceAll("rate: \\d+/s", "rate: 100/s")
                .replace("\nmigration:", "\nwarm-up: 1s\ncool-down: 1s\nmigration:");
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(name, change.apply(yaml));
        Machine machine = Machine.detect();
        MemoryRecorder recorder = new MemoryRecorder();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        return new CatalogueRun(recorder, Judge.judge(recorder.events()));
    }

    /**
     * Requires the end of the runbook, and of every expectation but those of downtime that it held: a machine that runs
     * other tests as well is often too busy to measure how long something took.
     */
    public void requireSound() {
        assertThat(judgement.run().ending()).as(reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.verdict()).as(reasons()).isNotEqualTo(RunVerdict.FAILED);
        assertThat(judgement.expectations())
                .filteredOn(result -> !result.name().contains("downtime"))
                .as(reasons())
                .extracting(ExpectationResult::verdict)
                .containsOnly(RunVerdict.PASSED);
        assertThat(verdictOf("data")).isEqualTo(RunVerdict.PASSED);
    }

    /** Requires that it failed by exactly these expectations, downtime aside. */
    public void requireRefuted(String... names) {
        assertThat(judgement.verdict()).as(reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.expectations())
                .filteredOn(result -> !result.name().contains("downtime"))
                .filteredOn(result -> result.verdict() == RunVerdict.FAILED)
                .as(reasons())
                .extracting(ExpectationResult::name)
                .containsExactlyInAnyOrder(names);
    }

    /** The verdict on one expectation. */
    public RunVerdict verdictOf(String name) {
        return judgement.expectations().stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    /** What the comparison of both sides says of a table. */
    public TableComparison table(String name) {
        return Objects.requireNonNull(judgement.verification()).tables().stream()
                .filter(table -> String.valueOf(table.source()).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The first operation that proves a finding such as {@code lost}. */
    public String firstStory(String finding) {
        return judgement.history().stories().stream()
                .filter(story -> story.finding().equals(finding))
                .findFirst()
                .orElseThrow()
                .text();
    }

    /** The last write on the old side after the new one had acknowledged some. */
    public String lastOnTheOldSide() {
        return Objects.requireNonNull(judgement.history().splitBrain())
                .oldSide()
                .text();
    }

    /** Every reason of the judgement, for messages of failed tests. */
    public String reasons() {
        List<String> texts =
                judgement.reasons().stream().map(Judgement.Reason::text).toList();
        return String.join("\n", texts);
    }
}
