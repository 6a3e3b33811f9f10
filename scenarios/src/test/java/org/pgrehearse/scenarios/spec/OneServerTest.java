package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.RehearsalWords;

/** Scenarios on one server, and what they may not say. */
final class OneServerTest {
    private final ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());

    @Test
    void a_change_within_one_database_needs_no_target_and_is_written_as_it_is_read() throws InvalidScenario {
        Scenario scenario = reader.read("s.yaml", """
                name: s
                environment: {source: 17, target: none}
                runbook:
                  - phase: change
                    steps:
                      - sql: {on: source, text: SELECT 1, back: [sql: {on: source, text: SELECT 2}]}
                      - wait: {for: 1s}
                faults:
                  - {name: gone, fault: refuse, on: source, when: {phase: change}, for: 1s}
                expect: [lost-writes = 0]
                """);
        assertThat(scenario.environment().alone()).isTrue();
        assertThat(reader.read("again.yaml", ScenarioWriter.write(scenario))).isEqualTo(scenario);
    }

    @Test
    void everything_that_asks_for_a_target_is_refused_where_there_is_none() {
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("s.yaml", """
                        name: s
                        environment: {source: 17, target: none}
                        runbook:
                          - phase: change
                            steps:
                              - sql: {on: source, text: SELECT 1, back: [sql: {on: target, text: SELECT 2}]}
                              - switch
                        guard: [replication-lag < 1MiB]
                        faults:
                          - {name: far, fault: refuse, on: target, when: {phase: change}, for: 1s}
                          - {name: behind, fault: refuse, on: source, when: {lag-above: 1MiB}, for: 1s}
                        expect: [lost-writes = 0, data = consistent]
                        """));
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .filteredOn(problem -> problem.contains("has no target"))
                .containsExactly(
                        refusal("the step sql"),
                        refusal("the step switch"),
                        refusal("the guard replication-lag"),
                        refusal("the fault far"),
                        refusal("the fault behind"),
                        refusal("the expectation data = consistent"));
    }

    @Test
    void a_migration_between_servers_and_a_pooler_are_refused_where_there_is_one_server() {
        InvalidScenario invalid = catchThrowableOfType(InvalidScenario.class, () -> reader.read("s.yaml", """
                        name: s
                        environment: {target: none, pooler: pgbouncer}
                        migration: logical-replication
                        expect: [lost-writes = 0]
                        """));
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .contains(
                        refusal("the migration system logical-replication"),
                        "s.yaml:2: environment.pooler: leads to two servers; it needs a target");
    }

    private static String refusal(String what) {
        return "s.yaml:2: environment: has no target, and " + what + " asks for it;"
                + " give a version in place of \"target: none\"";
    }
}
