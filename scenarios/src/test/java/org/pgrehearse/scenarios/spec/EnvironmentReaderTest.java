package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.environment.PoolerPlan;

/** Reading where servers come from. */
final class EnvironmentReaderTest {
    private static final ScenarioReader READER = new ScenarioReader(new Vocabulary(
            Map.of("none", List.of()),
            List.of(),
            lines -> lines.stream().map(line -> "").toList()));

    @Test
    void an_external_pair_is_read_and_written_back() throws InvalidScenario {
        String yaml = """
                kind: external
                source: "postgresql://u:${PW}@h/d?password=${PW}"
                target: host=h password=${PW}
                proxy-host: 10.0.0.7
                production: i-know
                """;
        Scenario.EnvironmentSpec environment = ScenarioReader.readEnvironment("pair.yaml", yaml);

        assertThat(environment.external())
                .isEqualTo(new Scenario.ExternalSpec(
                        "postgresql://u:${PW}@h/d?password=${PW}", "host=h password=${PW}", "10.0.0.7", true));
        Scenario scenario = READER.read("small.yaml", "name: small\nexpect: [lost-writes = 0]\n")
                .in(environment);
        assertThat(READER.read("again.yaml", ScenarioWriter.write(scenario)).environment())
                .isEqualTo(environment);
        assertThat(environment.of("local")).isEqualTo(new Scenario.EnvironmentSpec("local", 15, 17));
    }

    @Test
    void every_problem_of_an_external_pair_is_told_and_no_password_is() {
        for (String secret : List.of(
                "postgresql://u:geheim@h/d",
                "postgresql://u@h/d?password=geheim",
                "host=h password=geheim",
                "host=h password = 'geheim two'")) {
            InvalidScenario invalid = catchThrowableOfType(
                    InvalidScenario.class,
                    () -> ScenarioReader.readEnvironment(
                            "pair.yaml",
                            "kind: external\nsource: \"" + secret + "\"\nproduction: yes\npooler: none\n"));

            assertThat(invalid.problems())
                    .extracting(Problem::toString)
                    .hasSize(4)
                    .anyMatch(text -> text.startsWith("pair.yaml:2: source: holds a password"))
                    .anyMatch(text -> text.contains("target: is missing"))
                    .anyMatch(text -> text.startsWith("pair.yaml:3: production: "))
                    .anyMatch(text -> text.startsWith("pair.yaml:4: pooler: is not a known key"))
                    .noneMatch(text -> text.contains("geheim"));
        }
    }

    @Test
    void commands_of_a_pooler_are_read_and_written_back_wherever_the_servers_are() throws InvalidScenario {
        for (String servers :
                List.of("kind: embedded", "kind: external\nsource: host=a\ntarget: host=b", "kind: docker")) {
            Scenario.EnvironmentSpec environment = ScenarioReader.readEnvironment(
                    "own.yaml", servers + "\npooler: {command: exec it, repoint: tell it}\n");
            assertThat(environment.ownPooler()).isEqualTo(new PoolerPlan("exec it", "", "tell it", ""));
            Scenario scenario = READER.read("small.yaml", "name: small\nexpect: [lost-writes = 0]\n")
                    .in(environment);
            assertThat(READER.read("again.yaml", ScenarioWriter.write(scenario)).environment())
                    .isEqualTo(environment);
            assertThat(environment.of("local").ownPooler()).isEqualTo(environment.ownPooler());
        }
    }

    @Test
    void a_pooler_without_a_command_and_with_a_word_that_nobody_knows_is_refused() {
        InvalidScenario invalid = catchThrowableOfType(
                InvalidScenario.class,
                () -> ScenarioReader.readEnvironment("own.yaml", "pooler:\n  pause: hold\n  repont: tell it\n"));
        assertThat(invalid.problems())
                .extracting(Problem::toString)
                .hasSize(2)
                .anyMatch(text -> text.contains("pooler.command: is missing"))
                .anyMatch(text -> text.startsWith("own.yaml:3: pooler.repont: is not a known key")
                        && text.contains("\"repoint\""));
    }
}
