package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
