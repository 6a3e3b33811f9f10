package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.spec.Scenario.ApplicationSpec;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;
import org.pgrehearse.scenarios.workload.Isolation;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.PromiseSpec;
import org.pgrehearse.scenarios.workload.QueryMode;
import org.pgrehearse.scenarios.workload.RateCurve;
import org.pgrehearse.scenarios.workload.Retry;

final class ScenarioReaderTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(
            Map.of(
                    "none",
                    List.of(Shape.of("wait", "", Shape.Argument.required("for", ArgumentKind.DURATION))),
                    "moving",
                    List.of(
                            Shape.of("wait", "", Shape.Argument.required("for", ArgumentKind.DURATION)),
                            Shape.of("fence", "", Shape.Argument.choice("prepared", "abort", "rollback")),
                            Shape.of("switch", ""),
                            Shape.of(
                                            "do",
                                            "",
                                            Shape.Argument.absent("line", ArgumentKind.TEXT),
                                            Shape.Argument.absent("words", ArgumentKind.TEXTS),
                                            Shape.Argument.absent("with", ArgumentKind.VARIABLES))
                                    .exactlyOne("line", "words"))),
            List.of(
                    Shape.of("refuse", ""),
                    Shape.of("latency", "", Shape.Argument.required("delay", ArgumentKind.DURATION))),
            lines -> lines.stream()
                    .map(line -> line.contains("=") ? "" : "has no operator")
                    .toList());

    private static final String FULL = """
            name: everything
            description: every key set to something else than its default
            environment: {kind: embedded, source: 13, target: 18}
            dataset: {name: shop, orders: 777}
            load:
              rate: 42.5/s
              rates: [{at: 0s, rate: 5/s}, {at: 2s, rate: 50/s}]
              between: ramps
              repeat: yes
              scripts:
                - {name: own, sql: "DELETE FROM t RETURNING a", weight: 3, wrap: yes, keys-of: t}
                - {builtin: tpcb, weight: 2}
              mode: prepared
              isolation: serializable
              retry: blind
              variables: {scale: 3, a: x}
              setup: {schema-sql: CREATE TABLE t (a text), data-sql: INSERT INTO t VALUES ('')}
              applications:
                - {name: one, role: shop_batch, connections: 7, pause-delay: 4s, switch-delay: 6s, lifetime: 9s}
            promises: {lists: 20/s, registers: 19/s, bank: 2.5/s, twins: 11/s, ids: 10/s, isolation: repeatable-read}
            sentinel: {every: 20ms, fresh: 1/3}
            warm-up: 1s
            cool-down: 2s
            migration: moving
            runbook:
              - phase: first
                steps:
                  - wait: {for: 3s}
              - phase: second
                steps:
                  - fence: {prepared: rollback}
                  - switch: {deadline: 9s, back: [do: {line: undo it, deadline: 2s}]}
                  - do: {words: [a, b c], with: [N=1]}
            guard: [write-downtime < 3s in second, replication-lag < 1MiB]
            faults:
              - name: slow
                fault: latency
                delay: 50ms
                on: [source, replication]
                during: fence
                after: 10ms
                for: 5s
              - {name: gone, fault: refuse, on: target, during: wait, until: switch}
            expect:
              - lost-writes = 0
            """;

    private final ScenarioReader reader = new ScenarioReader(VOCABULARY);

    @Test
    void every_key_reaches_its_place() throws InvalidScenario {
        Scenario scenario = reader.read("full.yaml", FULL);

        assertThat(scenario.environment()).isEqualTo(new Scenario.EnvironmentSpec("embedded", 13, 18));
        assertThat(scenario.dataset()).isEqualTo(new Scenario.DatasetSpec("shop", 777));
        assertThat(scenario.load().ratePerSecond()).isEqualTo(42.5);
        assertThat(scenario.load().curve())
                .isEqualTo(new LoadPlan.Curve(
                        List.of(new RateCurve.Point(Duration.ZERO, 5), new RateCurve.Point(Duration.ofSeconds(2), 50)),
                        true,
                        true));
        assertThat(scenario.load().scripts())
                .containsExactly(
                        new Scenario.ScriptSpec("own", "DELETE FROM t RETURNING a", "", 3, true, "t"),
                        new Scenario.ScriptSpec("tpcb", "", "tpcb", 2, false));
        assertThat(scenario.load().mode()).isEqualTo(QueryMode.PREPARED);
        assertThat(scenario.load().isolation()).isEqualTo(Isolation.SERIALIZABLE);
        assertThat(scenario.load().retry()).isEqualTo(Retry.BLIND);
        assertThat(scenario.load().variables()).isEqualTo(Map.of("scale", "3", "a", "x"));
        assertThat(scenario.load().setup())
                .isEqualTo(new Scenario.SetupSpec("CREATE TABLE t (a text)", "INSERT INTO t VALUES ('')"));
        assertThat(scenario.load().applications())
                .containsExactly(new ApplicationSpec(
                        "one", "shop_batch", 7, Duration.ofSeconds(4), Duration.ofSeconds(6), Duration.ofSeconds(9)));
        assertThat(scenario.promises())
                .isEqualTo(
                        new PromiseSpec(20, 19, 2.5, 11, 10, org.pgrehearse.reports.journal.Isolation.REPEATABLE_READ));
        assertThat(scenario.sentinel()).isEqualTo(new Scenario.SentinelSpec(Duration.ofMillis(20), 3));
        assertThat(scenario.warmUp()).isEqualTo(Duration.ofSeconds(1));
        assertThat(scenario.coolDown()).isEqualTo(Duration.ofSeconds(2));
        assertThat(scenario.runbook())
                .containsExactly(
                        new Scenario.Stage("first", List.of(new StepSpec("wait", new Arguments(Map.of("for", "3s"))))),
                        new Scenario.Stage(
                                "second",
                                List.of(
                                        new StepSpec("fence", new Arguments(Map.of("prepared", "rollback"))),
                                        new StepSpec(
                                                "switch",
                                                Arguments.none(),
                                                Duration.ofSeconds(9),
                                                List.of(new StepSpec(
                                                        "do",
                                                        new Arguments(Map.of("line", "undo it")),
                                                        Duration.ofSeconds(2),
                                                        List.of()))),
                                        new StepSpec(
                                                "do",
                                                new Arguments(
                                                        Map.of(),
                                                        Map.of(
                                                                "words",
                                                                List.of("a", "b c"),
                                                                "with",
                                                                List.of("N=1")))))));
        assertThat(scenario.expectations()).containsExactly("lost-writes = 0");
    }

    @Test
    void every_key_of_guards_and_faults_reaches_its_place() throws InvalidScenario {
        Scenario scenario = reader.read("full.yaml", FULL);

        assertThat(scenario.guards())
                .containsExactly(
                        new GuardSpec(GuardSpec.Kind.WRITE_DOWNTIME, "3s", "second"),
                        new GuardSpec(GuardSpec.Kind.REPLICATION_LAG, "1MiB", ""));
        assertThat(scenario.faults())
                .containsExactly(
                        new Scenario.FaultSpec(
                                "slow",
                                "latency",
                                new Arguments(Map.of("delay", "50ms")),
                                List.of("source", "replication"),
                                "fence",
                                Duration.ofMillis(10),
                                Duration.ofSeconds(5),
                                null),
                        new Scenario.FaultSpec(
                                "gone",
                                "refuse",
                                Arguments.none(),
                                List.of("target"),
                                "wait",
                                Duration.ZERO,
                                null,
                                "switch"));
    }

    @Test
    void promises_with_a_rate_or_a_level_that_is_none_are_refused_with_their_lines() {
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("promises.yaml", """
                        name: promises
                        promises:
                          lists: 5000/s
                          isolation: snapshot
                          banks: 10/s
                        expect: [lost-writes = 0]
                        """));

        assertThat(invalid.problems()).extracting(Problem::line).containsExactly(3, 4, 5);
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .anyMatch(text -> text.contains("a rate of at most 2000/s"))
                .anyMatch(text -> text.contains("repeatable-read or serializable"))
                .anyMatch(text -> text.contains("did you mean \"bank\""));
    }

    @Test
    void defaults_are_filled_in() throws InvalidScenario {
        Scenario scenario = reader.read("small.yaml", "name: small\nexpect: [lost-writes = 0]\n");

        assertThat(scenario.environment()).isEqualTo(new Scenario.EnvironmentSpec("embedded", 15, 17));
        assertThat(scenario.dataset()).isEqualTo(new Scenario.DatasetSpec("shop", 100_000));
        assertThat(scenario.load().ratePerSecond()).isEqualTo(200);
        assertThat(scenario.promises()).isEqualTo(PromiseSpec.NONE);
        assertThat(scenario.promises().any()).isFalse();
        assertThat(scenario.load().applications())
                .containsExactly(
                        new ApplicationSpec("web-1", "shop_web", 20, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(scenario.sentinel()).isEqualTo(new Scenario.SentinelSpec(Duration.ofMillis(10), 10));
        assertThat(scenario.migration()).isEqualTo("none");
        assertThat(scenario.runbook()).isEmpty();
        assertThat(scenario.faults()).isEmpty();
    }

    @Test
    void what_is_written_is_read_back_the_same() throws InvalidScenario {
        Scenario scenario = reader.read("full.yaml", FULL);
        assertThat(reader.read("again.yaml", ScenarioWriter.write(scenario))).isEqualTo(scenario);
    }

    @Test
    void all_problems_are_reported_together_with_line_and_key() {
        String yaml = """
                name: wrong
                enviroment: {source: 15}
                dataset: {orders: many}
                load:
                  rate: 300
                  applications:
                    - {name: a, rolle: shop_web}
                    - {name: a}
                migration: moving
                runbook:
                  - phase: only
                    steps:
                      - wiat: {for: 1s}
                      - wait
                      - wait: {for: soon}
                      - fence: {prepared: maybe}
                faults:
                  - {name: f, fault: refuse, on: nowhere, during: elsewhere}
                expect:
                  - lost-writes
                """;
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("wrong.yaml", yaml));

        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "wrong.yaml:2: enviroment: is not a known key; did you mean \"environment\"?",
                        "wrong.yaml:3: dataset.orders: \"many\" is not a whole number from 100 to 100000000",
                        "wrong.yaml:5: load.rate: \"300\" is not a rate such as 300/s",
                        "wrong.yaml:7: load.applications[0].rolle: is not a known key; did you mean \"role\"?",
                        "wrong.yaml:8: load.applications[1].name: \"a\" is used twice",
                        "wrong.yaml:13: runbook[0].steps[0]: \"wiat\" is not a known step; did you mean \"wait\"?",
                        "wrong.yaml:14: runbook[0].steps[1].for: is missing",
                        "wrong.yaml:15: runbook[0].steps[2].for: \"soon\" is not a duration such as 500ms, 3s or 2m",
                        "wrong.yaml:16: runbook[0].steps[3].prepared: \"maybe\" is not one of abort, rollback",
                        "wrong.yaml:18: faults[0].on: \"nowhere\" is not one of source, target, replication,"
                                + " reverse-replication, migration, migration-target",
                        "wrong.yaml:18: faults[0].during: the runbook has no step \"elsewhere\"",
                        "wrong.yaml:20: expect[0]: has no operator");
    }

    @Test
    void own_steps_and_guards_that_make_no_sense_are_refused() {
        String yaml = """
                name: wrong
                migration: moving
                runbook:
                  - phase: only
                    steps:
                      - do: {line: x, words: [y]}
                      - do
                      - do: {words: [], with: [A]}
                      - switch: {deadline: soon, back: [switch: {back: [switch]}]}
                guard: [write-downtime < 0s, error-rate < 1%, "lock-wait < 1s in elsewhere"]
                expect:
                  - lost-writes = 0
                """;
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("wrong.yaml", yaml));

        assertThat(invalid.problems())
                .extracting(problem -> problem.line() + " " + problem.key() + " " + problem.message())
                .containsExactly(
                        "6 runbook[0].steps[0] needs exactly one of line, words",
                        "7 runbook[0].steps[1] needs exactly one of line, words",
                        "8 runbook[0].steps[2].words needs at least one text",
                        "8 runbook[0].steps[2].with \"A\" is not NAME=VALUE, with a name of letters, digits and _",
                        "9 runbook[0].steps[3].deadline \"soon\" is not a duration such as 500ms, 3s or 2m",
                        "9 runbook[0].steps[3].back[0].back is not a known key; known here: deadline",
                        "10 guard[0] \"write-downtime < 0s\" is not " + GuardSpec.example(),
                        "10 guard[1] \"error-rate < 1%\" is not " + GuardSpec.example(),
                        "10 guard[2] the runbook has no phase \"elsewhere\"");
    }

    @Test
    void scripts_are_read_from_beside_the_scenario_and_written_with_it(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("my.sql"), "\\set a 1\nBEGIN; UPDATE t SET a = :a; COMMIT;\n");
        String yaml = "name: s\nexpect: [lost-writes = 0]\nload: {scripts: [{file: my.sql, weight: 3}]}\n";
        Scenario scenario = reader.read(folder.resolve("s.yaml").toString(), yaml);

        assertThat(scenario.load().scripts().getFirst().sql()).startsWith("\\set a 1\nBEGIN;");
        assertThat(reader.read("elsewhere.yaml", ScenarioWriter.write(scenario)))
                .isEqualTo(scenario);
    }

    @Test
    void what_is_wrong_in_the_load_is_said_with_script_and_line(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("my.sql"), "SELECT 1;\n\\startpipeline\n\\set b 1 +\n");
        InvalidScenario invalid = catchThrowableOfType(
                InvalidScenario.class,
                () -> reader.read(folder.resolve("s.yaml").toString(), """
                        name: s
                        expect: [lost-writes = 0]
                        load:
                          rates: [{at: 1s, rate: 5/s}]
                          retry: always
                          scripts:
                            - {file: my.sql}
                            - {file: none.sql}
                            - {builtin: tpce}
                            - {file: my.sql, builtin: bank, name: both}
                            - {sql: SELECT 1, weight: 0}
                          variables: {scale: many}
                        """));

        assertThat(invalid.problems())
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactly(
                        "s.yaml:4: load.rates: Cannot draw a curve of rates: its first point must be at zero.",
                        "s.yaml:5: load.retry: \"always\" is not one of none, serialization, blind",
                        "s.yaml:7: load.scripts[0]: my.sql:2: \\startpipeline needs"
                                + " pipelines, which the driver has not;"
                                + " pgrehearse runs scripts without it",
                        "s.yaml:7: load.scripts[0]: my.sql:3: cannot read the expression of \\set: ends too early",
                        "s.yaml:8: load.scripts[1].file: there is no file \"none.sql\"",
                        "s.yaml:9: load.scripts[2].builtin: \"tpce\" is not a builtin; known: shop, tpcb, tpcc, bank,"
                                + " counters, queue",
                        "s.yaml:10: load.scripts[3]: needs one of \"file\", \"sql\" and \"builtin\"",
                        "s.yaml:11: load.scripts[4].weight: \"0\" is not a whole number from 1 to 1000000",
                        "s.yaml:12: load.variables.scale: \"many\" is not a whole number from 1 to 10000");
    }

    @Test
    void keys_that_no_statement_returns_are_refused_with_their_line() {
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("s.yaml", """
                        name: s
                        expect: [lost-writes = 0]
                        load:
                          scripts:
                            - {name: a, sql: DELETE FROM t RETURNING id, keys-of: t}
                            - {name: b, sql: DELETE FROM t, keys-of: t, wrap: yes}
                            - {name: c, sql: DELETE FROM t2 RETURNING id, keys-of: t, wrap: yes}
                            - {name: d, sql: DELETE FROM t RETURNING id, keys-of: '"t"', wrap: yes}
                            - {builtin: queue, keys-of: queue_jobs}
                        """));
        String statement = "needs a statement DELETE FROM t … RETURNING with the columns of its key";
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "s.yaml:5: load.scripts[0].keys-of: needs a script in one transaction:"
                                + " BEGIN … COMMIT, or wrap: yes",
                        "s.yaml:6: load.scripts[1].keys-of: " + statement,
                        "s.yaml:7: load.scripts[2].keys-of: " + statement,
                        "s.yaml:8: load.scripts[3].keys-of: \"\"t\"\" is not a table's name"
                                + " such as tickets or app.tickets",
                        "s.yaml:9: load.scripts[4].keys-of: a builtin knows its own; leave it out");
    }

    @Test
    void a_run_that_expects_nothing_is_refused() {
        InvalidScenario invalid =
                catchThrowableOfType(InvalidScenario.class, () -> reader.read("idle.yaml", "name: idle\n"));
        assertThat(invalid).hasMessageContaining("needs at least one expectation");
    }

    @Test
    void what_is_not_yaml_is_refused_with_its_line() {
        InvalidScenario invalid = catchThrowableOfType(
                InvalidScenario.class, () -> reader.read("broken.yaml", "name: a\nload: [unclosed\n"));
        assertThat(invalid).hasMessageStartingWith("broken.yaml:3: is not YAML");
        assertThat(catchThrowableOfType(InvalidScenario.class, () -> reader.read("empty.yaml", "# nothing\n")))
                .hasMessage("empty.yaml:1: holds no scenario");
    }
}
