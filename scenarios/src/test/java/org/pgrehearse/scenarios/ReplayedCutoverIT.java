package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.capture.HandWritten;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** A recording of ten minutes is replayed at ten times its speed while the application moves to another server. */
final class ReplayedCutoverIT {
    private static final long STEP_MICROS = 500_000;
    private static final int STEPS = 1_200;
    private static final int FIRST_ID = 5_000;
    private static final Pattern FIDELITY = Pattern.compile(
            "Replay: (\\d+) statements executed .* (\\d+) failed otherwise.* ids: (\\d+) mapped, (\\d+) statements"
                    + " used.*");

    @TempDir
    private Path folder;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void a_recording_at_ten_times_its_speed_loses_nothing_in_a_cutover() throws InvalidScenario, IOException {
        Path file = HandWritten.workload(folder.resolve("day.jsonl.gz"), recording());
        rehearse(file).run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(judgement.history().unresolved()).isZero();
        assertThat(judgement.expectations())
                .filteredOn(result -> result.name().equals("data"))
                .extracting(result -> result.verdict())
                .containsExactly(RunVerdict.PASSED);
        assertThat(recorder.events(Event.Operation.class))
                .filteredOn(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.write())
                .extracting(each -> each.side() + " " + each.transaction())
                .contains("SOURCE replay", "TARGET replay");
        String told = recorder.events(Event.Remark.class).stream()
                .map(Event.Remark::text)
                .filter(text -> text.startsWith("Replay: "))
                .findFirst()
                .orElseThrow();
        Matcher fidelity = FIDELITY.matcher(told);
        assertThat(fidelity.matches()).as(told).isTrue();
        assertThat(Long.parseLong(fidelity.group(1))).isGreaterThan(100);
        assertThat(Long.parseLong(fidelity.group(3))).as(told).isGreaterThan(50);
    }

    /** One session takes orders, and another pays each by its id a moment later. */
    private static List<Recorded> recording() {
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            String id = Integer.toString(FIRST_ID + i);
            all.add(new Recorded(
                    "web",
                    i * STEP_MICROS,
                    "INSERT INTO tickets (customer) VALUES ($1) RETURNING id",
                    List.of(Integer.toString(i)),
                    2_000,
                    "",
                    List.of(List.of(id)),
                    null));
            all.add(new Recorded(
                    "till",
                    i * STEP_MICROS + STEP_MICROS / 2,
                    "UPDATE tickets SET paid = true WHERE id = " + id,
                    List.of(),
                    2_000,
                    ""));
        }
        return all;
    }

    private Rehearsal rehearse(Path workload) throws InvalidScenario {
        String yaml = Catalogue.yaml("logical-cutover")
                .orElseThrow()
                .replaceAll("orders: \\d+", "orders: 2000")
                .replace("    after: 300ms\n", "")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:")
                .replaceFirst("(?m)^load:.*\\n(?: .*\\n)*", Matcher.quoteReplacement("""
                    load:
                      replay: %s
                      speed: 10
                      setup:
                        schema-sql: CREATE TABLE tickets (id bigserial PRIMARY KEY, customer int, paid boolean)
                    """.formatted(workload)));
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("logical-cutover", yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, folder, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }
}
