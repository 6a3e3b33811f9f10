package org.pgrehearse.scenarios.migration;

import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;

/** Runbooks of steps in the user's own words, with no migration system beside them. */
final class OwnRunbook {
    private OwnRunbook() {}

    /** One phase of these steps, as a list in YAML. */
    static Runbook of(String steps) throws InvalidScenario {
        String yaml = "name: own\nexpect: [lost-writes = 0]\nrunbook:\n  - phase: only\n    steps:\n" + steps.indent(6);
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("own.yaml", yaml);
        return new Runbook(new NoMigration(), scenario.runbook(), new Runbook.Watcher() {
            @Override
            public void before(String step) {}

            @Override
            public void after(String step) {}
        });
    }
}
