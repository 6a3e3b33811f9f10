package org.pgrehearse.scenarios;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.analysis.Expectation;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.migration.MigrationSystem;
import org.pgrehearse.scenarios.migration.Step;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.scenarios.spec.Vocabulary;

/** The words of this version's scenario language. */
public final class RehearsalWords {
    private RehearsalWords() {}

    /** Every migration system with its steps, every fault, and the expectations. */
    public static Vocabulary vocabulary() {
        Map<String, List<Shape>> systems = new LinkedHashMap<>();
        for (MigrationSystem system : MigrationSystem.all()) {
            systems.put(system.name(), system.steps().stream().map(Step::shape).toList());
        }
        return new Vocabulary(systems, FaultWords.shapes(), RehearsalWords::problems, FaultWords::problem);
    }

    private static List<String> problems(List<String> expectations) {
        return expectations.stream()
                .map(line -> String.join("; ", Expectation.parse(List.of(line)).problems()))
                .toList();
    }
}
