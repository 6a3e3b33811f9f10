package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.workload.Isolation;

/** The words of jobs, and of isolation script by script. */
final class JobWordsTest {
    private final ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());

    @Test
    void a_job_and_its_isolation_reach_their_places_and_are_written_as_they_are_read() throws InvalidScenario {
        Scenario scenario = reader.read("s.yaml", """
                name: s
                expect: [lost-writes = 0]
                load:
                  scripts:
                    - {name: nightly, sql: UPDATE t SET a = 1, wrap: yes, every: 90s, isolation: repeatable-read}
                    - {builtin: tpcc, weight: 4, isolation: serializable}
                """);
        assertThat(scenario.load().scripts())
                .containsExactly(
                        new Scenario.ScriptSpec(
                                "nightly",
                                "UPDATE t SET a = 1",
                                "",
                                1,
                                true,
                                "",
                                Duration.ofSeconds(90),
                                Optional.of(Isolation.REPEATABLE_READ)),
                        new Scenario.ScriptSpec(
                                "tpcc", "", "tpcc", 4, false, "", Duration.ZERO, Optional.of(Isolation.SERIALIZABLE)));
        assertThat(reader.read("again.yaml", ScenarioWriter.write(scenario))).isEqualTo(scenario);
    }

    @Test
    void a_job_and_an_isolation_that_cannot_be_are_refused_with_their_line() {
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("s.yaml", """
                        name: s
                        expect: [lost-writes = 0]
                        load:
                          scripts:
                            - {name: a, sql: DELETE FROM t, every: 500ms}
                            - {name: b, sql: DELETE FROM t, every: 2s, weight: 3}
                            - {name: c, sql: DELETE FROM t, isolation: serializable}
                            - {builtin: shop, isolation: serializable}
                        """));
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "s.yaml:5: load.scripts[0].every: must be 1s or more",
                        "s.yaml:6: load.scripts[1].weight: give \"every\" or \"weight\", not both",
                        "s.yaml:7: load.scripts[2].isolation: needs a script in one transaction:"
                                + " BEGIN … COMMIT, or wrap: yes",
                        "s.yaml:8: load.scripts[3].isolation: the shop has that of the load; give it there");
    }
}
