package org.pgrehearse.scenarios.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;

/** What a scenario on one server may not say, because it asks for the target. Pure. */
final class OneServer {
    private static final String SOURCE = "source";
    private static final Set<String> PLACES = Set.of(SOURCE, "migration");
    private static final Set<String> SYSTEMS = Set.of("none", "pg-repack");
    private static final Set<String> STEPS = Set.of(
            "wait",
            "pause",
            "pause-writes",
            "resume-writes",
            "sql",
            "psql",
            "scripts",
            "pgslice",
            "exec",
            "wait-until",
            "check",
            "compare",
            "flyway",
            "liquibase",
            "golang-migrate",
            "kill-at-each");
    private static final Set<Condition> CONDITIONS = Set.of(
            Condition.COPIED, Condition.LAG_ABOVE, Condition.LAG_BELOW, Condition.LAG_LONGER, Condition.LAG_SHORTER);
    private static final Set<String> EXPECTATIONS = Set.of("data", "sequences", "catalog");

    private OneServer() {}

    /** Each word that asks for a target, and what to do about it; empty when none does. */
    static List<String> problems(
            String migration,
            List<Stage> runbook,
            List<GuardSpec> guards,
            List<FaultSpec> faults,
            List<String> expectations) {
        List<String> problems = new ArrayList<>();
        if (!SYSTEMS.contains(migration)) {
            problems.add(asks("the migration system " + migration));
        }
        for (Stage stage : runbook) {
            stage.steps().forEach(step -> step(step, problems));
        }
        for (GuardSpec guard : guards) {
            if (guard.kind() == GuardSpec.Kind.REPLICATION_LAG) {
                problems.add(asks("the guard replication-lag"));
            }
        }
        for (FaultSpec fault : faults) {
            if (!PLACES.containsAll(fault.places()) || lags(fault)) {
                problems.add(asks("the fault " + fault.name()));
            }
        }
        for (String expectation : expectations) {
            if (EXPECTATIONS.contains(expectation.strip().split("\\s", 2)[0])) {
                problems.add(asks("the expectation " + expectation));
            }
        }
        return problems;
    }

    private static void step(StepSpec step, List<String> problems) {
        String on = step.arguments().values().getOrDefault("on", SOURCE);
        if (!STEPS.contains(step.step()) || !on.equals(SOURCE)) {
            problems.add(asks("the step " + step.step()));
        }
        step.back().forEach(back -> step(back, problems));
    }

    private static boolean lags(FaultSpec fault) {
        return List.of(fault.timing().when(), fault.timing().until()).stream()
                .flatMap(occasion -> occasion.conditions().keySet().stream())
                .anyMatch(word -> CONDITIONS.stream()
                        .anyMatch(condition -> condition.word().equals(word)));
    }

    private static String asks(String what) {
        return "has no target, and " + what + " asks for it; give a version in place of \"target: none\"";
    }
}
