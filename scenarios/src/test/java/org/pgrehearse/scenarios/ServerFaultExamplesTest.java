package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.fault.FaultSchedule;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Problem;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.spec.ScenarioWriter;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** The examples of server faults and schedules in the docs, and what is wrong with bad ones. */
final class ServerFaultExamplesTest {
    private static final Pattern YAML = Pattern.compile("```yaml\\n(faults:.*?)```", Pattern.DOTALL);
    private static final String HEAD = """
        name: example
        migration: logical-replication
        runbook:
          - phase: catch-up
            steps: [create-subscription, wait-for-copy]
          - phase: cutover
            steps: [switch]
        expect: [lost-writes = 0]
        """;

    private final ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());

    @Test
    void every_example_of_a_server_fault_can_be_read_and_is_read_back_the_same() throws IOException, InvalidScenario {
        List<FaultSpec> faults = new ArrayList<>();
        for (String example : examples("faults.md", "## Server faults")) {
            Scenario scenario = reader.read("docs/faults.md", HEAD + example);
            assertThat(reader.read("again", ScenarioWriter.write(scenario))).isEqualTo(scenario);
            faults.addAll(scenario.faults());
        }
        Set<String> shown = faults.stream().map(FaultSpec::fault).collect(Collectors.toCollection(TreeSet::new));
        List<String> kinds = RehearsalWords.vocabulary().faults().stream()
                .filter(shape -> shape.places().equals(List.of("source", "target")))
                .map(Shape::name)
                .toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void every_example_makes_a_schedule_whose_faults_are_named() throws IOException, InvalidScenario {
        for (String example : examples("faults.md", "## Server faults")) {
            Scenario scenario = reader.read("docs/faults.md", HEAD + example);
            MemoryRecorder recorder = new MemoryRecorder();
            new FaultSchedule(
                            scenario.faults(),
                            1,
                            fault -> {
                                throw new IllegalStateException("nothing is injected before the start");
                            },
                            recorder)
                    .close();
            assertThat(recorder.events(Event.FaultAsked.class))
                    .extracting(Event.FaultAsked::name)
                    .containsExactlyElementsOf(
                            scenario.faults().stream().map(FaultSpec::name).toList());
        }
    }

    @Test
    void the_examples_of_schedules_can_be_read() throws IOException, InvalidScenario {
        List<String> examples = examples("scenarios.md", "## Schedules");
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Scenario scenario = reader.read("docs/scenarios.md", HEAD + example);
            assertThat(reader.read("again", ScenarioWriter.write(scenario))).isEqualTo(scenario);
        }
    }

    @Test
    void everything_wrong_with_a_fault_of_a_server_is_said_at_once() {
        String yaml = HEAD + """
            faults:
              - {name: a, fault: pause, on: replication, when: {phase: nowhere, comits: 3}}
              - {name: b, fault: terminate, sessions: everybody, on: source, when: {fault: b}}
              - {name: c, fault: stop, mode: slow, on: source, after: 9s..1s}
              - {name: d, fault: conflict-row, table: t, ahead: 0, on: target, until: {lag-above: much}}
              - {name: e, fault: sequence-jump, sequence: s, by: 0, on: target, times: 3}
              - {name: f, fault: clock-skew, by: 10ms, on: source, during: switch, when: {copied: 101%}}
              - {name: g, fault: cpu-pressure, processes: 65, on: source, every: 3s}
              - {name: h, fault: full-disk, size: 1TiB, on: source, when: {}}
              - {name: i, fault: hold-lock, on: source, for: 1s, until: switch}
              - {name: j, fault: io-pressure, size: 2GiB, on: source, when: {lsn: here, fault-healed: z}}
            """;
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("bad", yaml));

        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "bad:10: faults[0].on: \"replication\" is not one of source, target",
                        "bad:10: faults[0].when.phase: the runbook has no phase \"nowhere\"",
                        "bad:10: faults[0].when.comits: is not a known key; did you mean \"commits\"?",
                        "bad:11: faults[1].sessions: \"everybody\" is not walsenders, apply-workers, clients,"
                                + " \"user NAME\", \"database NAME\" or \"application NAME\"",
                        "bad:11: faults[1].when.fault: the fault cannot wait for itself",
                        "bad:12: faults[2].mode: \"slow\" is not one of fast, smart, immediate",
                        "bad:12: faults[2].after: \"9s..1s\" is not a duration such as 500ms, or a"
                                + " window such as 1s..8s",
                        "bad:13: faults[3].ahead: \"0\" is not a whole number above 0",
                        "bad:13: faults[3].until.lag-above: \"much\" is not a size such as 64KiB or 1MiB",
                        "bad:14: faults[4].by: \"0\" is not a whole number other than 0, such as 1000 or -1000",
                        "bad:14: faults[4].times: needs \"every\", and a \"for\" that is shorter",
                        "bad:15: faults[5].by: \"10ms\" is not a duration of at least 1s, such as 1h, or -1h for"
                                + " backwards",
                        "bad:15: faults[5].when.copied: \"101%\" is not a share such as 50%",
                        "bad:15: faults[5].when: give \"during\" or \"when\", not both",
                        "bad:16: faults[6].processes: \"65\" is not a whole number from 1 to 64",
                        "bad:16: faults[6].every: needs \"times\" above 1",
                        "bad:17: faults[7].size: \"1TiB\" is not a size from 128MiB to 4GiB, such as 512MiB",
                        "bad:17: faults[7].when: names no condition; known: step, step-done, phase, phase-done,"
                                + " copied, lag-above, lag-below, lag-longer, lag-shorter, commits, wal, lsn, fault,"
                                + " fault-healed",
                        "bad:18: faults[8].table: is missing",
                        "bad:18: faults[8].until: give \"for\" or \"until\", not both",
                        "bad:19: faults[9].size: \"2GiB\" is not a size from 1B to 1GiB, such as 64MiB",
                        "bad:19: faults[9].when.lsn: \"here\" is not a position such as 0/3000060",
                        "bad:19: faults[9].when.fault-healed: there is no fault \"z\"");
    }

    /** The examples below a heading, up to the next of its kind. */
    private static List<String> examples(String document, String heading) throws IOException {
        String text = Files.readString(Path.of("..", "docs", document));
        int from = text.indexOf(heading + "\n");
        assertThat(from).isNotNegative();
        int to = text.indexOf("\n## ", from + heading.length());
        Matcher block = YAML.matcher(text.substring(from, to < 0 ? text.length() : to));
        return block.results().map(result -> result.group(1)).toList();
    }
}
