package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/**
 * The catalogue in full size, {@code -Dseeds=N} seeds each, 10 by default: every run must end with the verdict its
 * scenario stands for.
 */
final class CatalogueSoak {
    private static final int SEEDS = Integer.getInteger("seeds", 10);

    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} with seed {1} is {2}")
    @MethodSource("runs")
    void ends_with_its_verdict(String name, long seed, RunVerdict expected) throws InvalidScenario {
        Judgement judgement = run(name, seed);
        assertThat(judgement.verdict()).as(judgement.headline()).isEqualTo(expected);
        if (expected == RunVerdict.FAILED) {
            assertThat(judgement.history().lost()).isPositive();
        }
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                        Arguments.of("null-run", RunVerdict.PASSED),
                        Arguments.of("known-outage", RunVerdict.PASSED),
                        Arguments.of("unknown-commits", RunVerdict.PASSED),
                        Arguments.of("logical-cutover", RunVerdict.PASSED),
                        Arguments.of("staging-cutover", RunVerdict.PASSED),
                        Arguments.of("textbook-cutover", RunVerdict.FAILED))
                .flatMap(run -> Stream.iterate(1L, seed -> seed <= SEEDS, seed -> seed + 1)
                        .map(seed -> Arguments.of(run.get()[0], seed, run.get()[1])));
    }

    private Judgement run(String name, long seed) throws InvalidScenario {
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary())
                .read(name, Catalogue.yaml(name).orElseThrow());
        Machine machine = Machine.detect();
        MemoryRecorder recorder = new MemoryRecorder();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, seed, logs, machine, TestEnvironments.binaries(machine.cache()), "soak", Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        return Judge.judge(recorder.events());
    }
}
