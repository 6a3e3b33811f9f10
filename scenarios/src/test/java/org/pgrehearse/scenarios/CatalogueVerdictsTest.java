package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;

/** The table that the soak holds the catalogue against. */
final class CatalogueVerdictsTest {
    @Test
    void every_scenario_of_the_catalogue_has_a_verdict_and_no_other_name_has() {
        assertThat(CatalogueVerdicts.table().keySet()).containsExactlyInAnyOrderElementsOf(Catalogue.names());
    }

    @Test
    void a_scenario_that_passes_fails_no_expectation() {
        assertThat(CatalogueVerdicts.table())
                .allSatisfy((name, row) -> assertThat(row.verdict() == RunVerdict.FAILED
                                || row.fails().isEmpty())
                        .as(name)
                        .isTrue());
    }

    @Test
    void an_expectation_that_must_fail_is_one_that_the_scenario_has() throws InvalidScenario {
        ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());
        List<String> strangers = new ArrayList<>();
        for (var row : CatalogueVerdicts.table().entrySet()) {
            String yaml = Catalogue.yaml(row.getKey()).orElseThrow();
            reader.read(row.getKey(), yaml);
            String expect = yaml.substring(yaml.indexOf("\nexpect:"));
            row.getValue().fails().stream()
                    .filter(name -> !expect.contains("- " + name + " "))
                    .forEach(name -> strangers.add(row.getKey() + ": " + name));
        }
        assertThat(strangers).isEmpty();
    }

    @Test
    void a_part_of_the_catalogue_is_chosen_by_expressions() {
        assertThat(CatalogueVerdicts.matching("haproxy-.*,null-run").keySet())
                .containsExactly("haproxy-cutover", "haproxy-sessions-left", "null-run");
        assertThat(CatalogueVerdicts.matching(".*")).hasSameSizeAs(Catalogue.names());
    }
}
