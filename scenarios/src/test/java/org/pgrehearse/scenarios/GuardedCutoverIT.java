package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** A whole rehearsal whose cutover hangs behind the fence, and the guard that gives the users their source back. */
final class GuardedCutoverIT {
    private static final String SCENARIO = """
            name: hanging-cutover
            dataset: {orders: 3000}
            load: {rate: 100/s}
            warm-up: 1s
            cool-down: 1s
            migration: logical-replication
            guard: [write-downtime < 1500ms in cutover]
            runbook:
              - phase: copy
                steps:
                  - create-schema
                  - create-publication
                  - create-subscription
                  - wait-for-copy
              - phase: cutover
                steps:
                  - sql:
                      text: CREATE TABLE public.cutover_begun ()
                      back: [sql: {text: DROP TABLE public.cutover_begun}]
                  - fence-source
                  - exec: {shell: "echo waiting for an approval; sleep 100"}
                  - switch
            expect: [lost-writes = 0, leaked-writes = 0, duplicated-writes = 0]
            """;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void a_guard_in_mid_cutover_brings_the_users_back_to_the_source_and_nothing_is_lost(@TempDir Path folder)
            throws InvalidScenario {
        Machine machine = Machine.detect();
        new Rehearsal(
                        new RehearsalPlan(
                                new ScenarioReader(RehearsalWords.vocabulary()).read("hanging.yaml", SCENARIO),
                                5,
                                folder.resolve("logs"),
                                machine,
                                TestEnvironments.binaries(machine.cache()),
                                "test",
                                Instant.now(),
                                folder),
                        recorder,
                        line -> {})
                .run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.ABORTED);
        assertThat(judgement.run().endingDetail())
                .startsWith("Step \"exec\" failed: Guard write-downtime < 1500ms in cutover stopped the runbook: ");
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.headline()).startsWith("Guard write-downtime < 1500ms in cutover stopped the runbook: ");
        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(judgement.expectations()).allMatch(result -> result.verdict() == RunVerdict.PASSED);
        assertThat(judgement.history().lost()).isZero();

        assertThat(recorder.events(Event.FenceLifted.class)).hasSize(1);
        Event.ServiceReturned returned =
                recorder.events(Event.ServiceReturned.class).getFirst();
        assertThat(returned.side()).isEqualTo(Side.SOURCE);
        assertThat(recorder.operations(Outcome.ACKNOWLEDGED))
                .filteredOn(write -> write.write() && write.startedNanos() > returned.sinceNanos())
                .hasSizeGreaterThan(20)
                .allMatch(write -> write.side() == Side.SOURCE);
        assertThat(folder.resolve("logs/steps/exec-1.out")).hasContent("waiting for an approval");
    }
}
