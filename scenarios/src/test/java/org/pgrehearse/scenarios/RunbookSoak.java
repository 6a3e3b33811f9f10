package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Leak;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/**
 * Five runbooks that each make one mistake, and the hardened one, with {@code -Dseeds=N} seeds each, 10 by default,
 * from {@code -Dfirst=N} on, 1 by default. A mistake must be told by its own name, never by another, and never by
 * chance.
 */
final class RunbookSoak {
    private static final int SEEDS = Integer.getInteger("seeds", 10);
    private static final long FIRST = Long.getLong("first", 1);

    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} with seed {1}")
    @MethodSource("runs")
    void ends_for_its_own_reason(String name, long seed, Consumer<Judgement> reason) throws InvalidScenario {
        Judgement judgement = run(name, seed);
        assertThat(judgement)
                .as("%s with seed %d: %s", name, seed, judgement.reasons())
                .satisfies(reason);
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                        runbook("dropped-before-catch-up", RunbookSoak::droppedBeforeCatchUp),
                        runbook("soft-fence", RunbookSoak::softFence),
                        runbook("second-role-not-fenced", RunbookSoak::secondRole),
                        runbook("stale-pool", RunbookSoak::stalePool),
                        runbook("sequences-forgotten", RunbookSoak::sequencesForgotten),
                        runbook("logical-cutover", RunbookSoak::hardened))
                .flatMap(runbook -> Stream.iterate(FIRST, seed -> seed < FIRST + SEEDS, seed -> seed + 1)
                        .map(seed -> Arguments.of(runbook.name(), seed, runbook.reason())));
    }

    /** What was not sent before the fence stays behind: lost, and certainly never replicated; the fence itself held. */
    private static void droppedBeforeCatchUp(Judgement judgement) {
        History history = judgement.history();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(history.losses().stranded()).isPositive().isEqualTo(history.lost());
        assertThat(history.splitBrain()).isNull();
        assertThat(history.leaked()).isZero();
    }

    /** Transactions that were open behind the fence commit after the catch-up: few, stranded, and no split brain. */
    private static void softFence(Judgement judgement) {
        History history = judgement.history();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(history.losses().stranded()).isPositive().isEqualTo(history.lost());
        assertThat(history.losses().overwritten() + history.duplicated()).isZero();
    }

    /** The forgotten role goes on writing past the fence, and nobody else does. */
    private static void secondRole(Judgement judgement) {
        History history = judgement.history();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(history.leaks())
                .extracting(Leak::role)
                .contains("shop_batch")
                .doesNotContain("shop_web");
        assertThat(history.leaks()).extracting(Leak::pool).contains("batch");
        assertThat(history.splitBrain()).isNotNull();
        assertThat(history.losses().stranded()).isPositive();
    }

    /**
     * A pool that still leads to the source writes after the target has acknowledged: split brain without any fence.
     */
    private static void stalePool(Judgement judgement) {
        History history = judgement.history();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(history.splitBrain()).isNotNull();
        assertThat(history.losses().stranded()).isPositive().isEqualTo(history.lost());
        assertThat(history.fenced()).isFalse();
    }

    /** Nothing is lost; the sequences are behind, and the first inserts fail. */
    private static void sequencesForgotten(Judgement judgement) {
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(judgement.history().splitBrain()).isNull();
        assertThat(judgement.expectations())
                .filteredOn(each -> each.verdict() == RunVerdict.FAILED)
                .extracting(each -> each.name())
                .contains("sequences")
                .doesNotContain("lost-writes", "split-brain", "data");
    }

    private static void hardened(Judgement judgement) {
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
        assertThat(judgement.history().lost() + judgement.history().leaked()).isZero();
    }

    private static Runbook runbook(String name, Consumer<Judgement> reason) {
        return new Runbook(name, reason);
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

    /** A scenario of the catalogue, and what its judgement must say whatever the seed. */
    private record Runbook(String name, Consumer<Judgement> reason) {}
}
