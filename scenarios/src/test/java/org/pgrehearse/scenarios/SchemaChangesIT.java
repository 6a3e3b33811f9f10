package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** Changes within one database: the sound ones pass, the popular ones fail for the reason that is theirs. */
final class SchemaChangesIT {
    @TempDir
    private Path logs;

    @ParameterizedTest
    @ValueSource(strings = {"lock-timeout-retry", "constraint-not-valid", "index-concurrently", "backfill-keyset"})
    void a_sound_change_passes(String name) throws InvalidScenario {
        Judgement judgement = run(name);

        assertThat(judgement.run().ending()).as(reasons(judgement)).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.verdict()).as(reasons(judgement)).isEqualTo(RunVerdict.PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock-queue", "constraint-at-once", "index-at-once"})
    void a_change_that_locks_out_users_fails_by_the_longest_wait_and_nothing_else(String name) throws InvalidScenario {
        Judgement judgement = run(name);

        assertThat(judgement.run().ending()).as(reasons(judgement)).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.verdict()).as(reasons(judgement)).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.expectations())
                .filteredOn(result -> result.verdict() != RunVerdict.PASSED)
                .as(reasons(judgement))
                .extracting(ExpectationResult::name)
                .containsExactly("longest-lock-wait");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            invalid-index      | gives shop.orders_note_key on the source, not none
            backfill-offset    | of .* orders, ids .*, first \\{\\d+,.*\\} on the source, not none
            backfill-between   | of .* orders, ids .*, first \\{\\d+.*\\} on the source, not none
            backfill-border    | gives \\d+ orders counted more than once, first \\{\\d+,.*\\} on the source, not none
            backfill-swallowed | of .* orders, ids .*, first \\{\\d+,.*\\} on the source, not none
            """)
    void a_change_that_only_seems_done_fails_by_a_check_that_names_what_is_wrong(String name, String fact)
            throws InvalidScenario {
        Judgement judgement = run(name);

        assertThat(judgement.run().ending()).as(reasons(judgement)).isEqualTo(Ending.ABORTED);
        assertThat(judgement.verdict()).as(reasons(judgement)).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.run().endingDetail()).containsPattern(fact);
    }

    /** A scenario of the catalogue as it is, with shorter waits and less load. */
    private Judgement run(String name) throws InvalidScenario {
        String yaml = Catalogue.yaml(name)
                .orElseThrow()
                .replace("rate: 200/s", "rate: 100/s")
                .replace("\nmigration:", "\nwarm-up: 1s\ncool-down: 1s\nmigration:");
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(name, yaml);
        Machine machine = Machine.detect();
        MemoryRecorder recorder = new MemoryRecorder();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        return Judge.judge(recorder.events());
    }

    private static String reasons(Judgement judgement) {
        List<Judgement.Reason> reasons = judgement.reasons();
        return judgement.run().endingDetail() + "\n"
                + reasons.stream().map(Judgement.Reason::text).collect(Collectors.joining("\n"));
    }
}
