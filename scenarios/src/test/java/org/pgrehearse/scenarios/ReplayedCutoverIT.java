package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
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
    /** The few seconds of the day become ten minutes: ten times as fast, they last as long as a whole cutover. */
    private static final long SLOWED = 240;

    private static final Pattern FIDELITY = Pattern.compile(
            "Replay: (\\d+) statements executed .* (\\d+) failed otherwise.* ids: (\\d+) mapped, (\\d+) statements"
                    + " used.*");

    @TempDir
    private Path folder;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void a_recording_at_ten_times_its_speed_loses_nothing_in_a_cutover() throws Exception {
        rehearse(recording()).run();

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

    /** What passed the port of a real server, with its times drawn out. */
    @SuppressWarnings("NullAway") // a record's constructor forgets in its class file that elements may be null
    private Path recording() throws IOException, InterruptedException, SQLException {
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
        List<Recorded> day = WorkloadFile.read(seen).stream()
                .map(each -> new Recorded(
                        each.session(),
                        each.atMicros() * SLOWED,
                        each.sql(),
                        each.parameters(),
                        each.durationMicros(),
                        each.sqlState(),
                        each.results(),
                        each.copy()))
                .toList();
        return HandWritten.workload(folder.resolve("day.jsonl.gz"), day);
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
                        schema-sql: |
                    %s    data-sql: %s
                    """.formatted(
                                workload, SyntheticDay.SCHEMA.indent(10), SyntheticDay.DATA)));
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("logical-cutover", yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, folder, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }
}
