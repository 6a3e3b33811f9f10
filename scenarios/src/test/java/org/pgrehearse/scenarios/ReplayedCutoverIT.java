package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.pgrehearse.scenarios.capture.WireCapture;
import org.pgrehearse.scenarios.capture.WorkloadFile;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.testkit.SyntheticDay;

/**
 * A day that passed a real server's port is replayed at ten times its speed while the application moves to another
 * server.
 */
final class ReplayedCutoverIT {
    /** The few seconds of the day become minutes: ten times as fast, they last beyond a slow cutover. */
    private static final long DAY_MICROS = 500_000_000;

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
    void a_captured_day_at_ten_times_its_speed_loses_nothing_in_a_cutover() throws Exception {
        rehearse(day(), SyntheticDay.SCHEMA, SyntheticDay.DATA, "35s").run();

        Matcher fidelity = requireUnharmed();
        assertThat(Long.parseLong(fidelity.group(1))).as(fidelity.group()).isGreaterThan(150);
        assertThat(Long.parseLong(fidelity.group(3))).as(fidelity.group()).isGreaterThan(10);
    }

    @Test
    void ids_that_one_session_makes_and_another_uses_are_found_again_on_both_sides() throws Exception {
        Path file = HandWritten.workload(folder.resolve("tickets.jsonl.gz"), tickets());
        rehearse(file, "CREATE TABLE tickets (id bigserial PRIMARY KEY, customer int, paid boolean)", "SELECT 1", "1s")
                .run();

        Matcher fidelity = requireUnharmed();
        assertThat(Long.parseLong(fidelity.group(3))).as(fidelity.group()).isGreaterThan(50);
    }

    private Matcher requireUnharmed() {
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
        return fidelity;
    }

    /** What passed the port of a real server, in its order, and spread evenly over a longer day. */
    @SuppressWarnings("NullAway") // a record's constructor forgets in its class file that elements may be null
    private Path day() throws IOException, InterruptedException, SQLException {
        Path seen = folder.resolve("seen.jsonl.gz");
        try (EmbeddedEnvironment servers = TestEnvironments.start(
                EmbeddedPlan.of(15, 15).withFsync(false), Files.createDirectory(folder.resolve("recorded")))) {
            Server server = servers.source();
            TestEnvironments.execute(server, SyntheticDay.TABLES + "CREATE ROLE app SUPERUSER LOGIN");
            try (WireCapture capture = WireCapture.start(
                    InetSocketAddress.createUnresolved("127.0.0.1", 0),
                    InetSocketAddress.createUnresolved(server.host(), server.port()),
                    seen,
                    null)) {
                new SyntheticDay("127.0.0.1", capture.address().getPort(), server.database()).live();
            }
        }
        List<Recorded> seenInOrder = WorkloadFile.read(seen).stream()
                .sorted(Comparator.comparingLong(Recorded::atMicros))
                .toList();
        List<Recorded> day = new ArrayList<>();
        for (Recorded each : seenInOrder) {
            day.add(new Recorded(
                    each.session(),
                    day.size() * DAY_MICROS / seenInOrder.size(),
                    each.sql(),
                    each.parameters(),
                    each.durationMicros(),
                    each.sqlState(),
                    each.results(),
                    each.copy()));
        }
        return HandWritten.workload(folder.resolve("day.jsonl.gz"), day);
    }

    /** One session takes orders, and another pays each by its id a moment later. */
    private static List<Recorded> tickets() {
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

    /** The cutover, and so much more time behind it. */
    private Rehearsal rehearse(Path workload, String schema, String data, String time) throws InvalidScenario {
        String yaml = Catalogue.yaml("logical-cutover")
                .orElseThrow()
                .replaceAll("orders: \\d+", "orders: 2000")
                .replace("    after: 300ms\n", "")
                .replace(
                        "\nfaults:\n",
                        "  - phase: afterwards\n    steps:\n      - wait: {for: " + time + "}\n\nfaults:\n")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:")
                .replaceFirst("(?m)^load:.*\\n(?: .*\\n)*", Matcher.quoteReplacement("""
                    load:
                      replay: %s
                      speed: 10
                      setup:
                        schema-sql: |
                    %s    data-sql: %s
                    """.formatted(
                                workload, schema.indent(10), data)));
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("logical-cutover", yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, folder, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }
}
