package org.pgrehearse.scenarios.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.spec.Scenario;

/** What moves data or changes schema: a name, and the steps that a runbook can be made of. */
public interface MigrationSystem {
    /** The word in a scenario file. */
    String name();

    /** The steps that only this system has. */
    List<Step> ownSteps();

    /** What it needs of the machine and of both servers before they start. */
    default Needs needs(Scenario scenario) {
        return Needs.NOTHING;
    }

    /** Every step a runbook of this system may use: its own, those that every cutover has, and the user's. */
    default List<Step> steps() {
        List<Step> all = new ArrayList<>(ownSteps());
        all.addAll(Cutover.steps());
        all.addAll(PoolerSteps.steps());
        all.addAll(OwnSteps.steps());
        return List.copyOf(all);
    }

    /** The step of that name. */
    default Optional<Step> step(String name) {
        return steps().stream().filter(step -> step.shape().name().equals(name)).findFirst();
    }

    /** All systems, in the order they are listed to users. */
    static List<MigrationSystem> all() {
        return List.of(
                new NoMigration(),
                new LogicalReplication(),
                new DumpRestore(),
                new PhysicalStandby(),
                new PointInTimeRecovery(),
                new PgLogical(),
                new PgCopyDb(),
                new Bucardo(),
                new PgRepack());
    }

    /** The system of that name. */
    static Optional<MigrationSystem> named(String name) {
        return all().stream().filter(system -> system.name().equals(name)).findFirst();
    }
}
