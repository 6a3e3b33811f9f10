package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.ExpectationResult;
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
 * The catalogue in full size, {@code -Dseeds=N} seeds from {@code -Dfirst=N} on, 5 from 1 by default: every run must
 * end as {@link CatalogueVerdicts} says. {@code -Dscenarios=a,b.*} chooses some by regular expressions. All misses are
 * told at the end, each with its seed and its reasons.
 */
final class CatalogueSoak {
    private static final long FIRST = Long.getLong("first", 1);
    private static final int SEEDS = Integer.getInteger("seeds", 5);
    private static final String SCENARIOS = System.getProperty("scenarios", ".*");

    @TempDir
    private Path logs;

    @Test
    void every_run_ends_with_its_verdict() throws InvalidScenario {
        Map<String, CatalogueVerdicts> chosen = CatalogueVerdicts.matching(SCENARIOS);
        assertThat(chosen).as("scenarios that match " + SCENARIOS).isNotEmpty();
        List<String> misses = new ArrayList<>();
        for (Map.Entry<String, CatalogueVerdicts> row : chosen.entrySet()) {
            for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
                Judgement judgement = run(row.getKey(), seed);
                String result = row.getKey() + " with seed " + seed + ": " + judgement.verdict();
                System.out.println(result);
                if (misses(row.getValue(), judgement)) {
                    misses.add(result + " instead of " + row.getValue() + "\n  " + reasons(judgement));
                }
            }
        }
        assertThat(misses).isEmpty();
    }

    private static boolean misses(CatalogueVerdicts expected, Judgement judgement) {
        List<String> failed = judgement.expectations().stream()
                .filter(result -> result.verdict() == RunVerdict.FAILED)
                .map(ExpectationResult::name)
                .toList();
        return judgement.verdict() != expected.verdict() || !failed.containsAll(expected.fails());
    }

    private static String reasons(Judgement judgement) {
        return String.join(
                "\n  ", judgement.reasons().stream().map(Judgement.Reason::text).toList());
    }

    private Judgement run(String name, long seed) throws InvalidScenario {
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary())
                .read(name, Catalogue.yaml(name).orElseThrow());
        Machine machine = Machine.detect();
        MemoryRecorder recorder = new MemoryRecorder();
        RehearsalPlan plan = new RehearsalPlan(
                scenario,
                seed,
                logs.resolve(name + "-" + seed),
                machine,
                TestEnvironments.binaries(machine.cache()),
                "soak",
                Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        return Judge.judge(recorder.events());
    }
}
