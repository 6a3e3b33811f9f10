package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * pgcopydb clone: schema, tables, indexes and sequences, copied with several processes under one snapshot, and with
 * {@link PgCopyDbFollow} what changes since.
 */
public final class PgCopyDb implements MigrationSystem {
    private static final String PROGRAM = "pgcopydb";
    private static final String PACKAGE = "pgcopydb";

    @Override
    public String name() {
        return "pgcopydb";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return new Needs(
                Needs.NOTHING.settings(),
                follows(scenario)
                        ? Optional.of(new Needs.Extension(
                                PgCopyDbFollow.PLUGIN, "postgresql-%d-wal2json", Set.of(Side.SOURCE)))
                        : Optional.empty(),
                List.of("pg_dump", "pg_restore"),
                List.of(new Needs.Other(PROGRAM, PACKAGE)),
                false);
    }

    private static boolean follows(Scenario scenario) {
        return scenario.runbook().stream()
                .flatMap(stage -> stage.steps().stream())
                .anyMatch(step -> step.step().equals(PgCopyDbFollow.START));
    }

    @Override
    public List<Step> ownSteps() {
        List<Step> steps = new ArrayList<>(PgCopyDbFollow.steps());
        steps.addAll(List.of(
                new Step(
                        Shape.of(
                                "clone",
                                "pgcopydb clone of the source into the target",
                                optional("jobs", ArgumentKind.PROCESSES, "2"),
                                optional("deadline", ArgumentKind.DURATION, "30m")),
                        PgCopyDb::cloneSource),
                new Step(Shape.of("analyze-target", "ANALYZE on the target"), PgCopyDb::analyze)));
        return List.copyOf(steps);
    }

    private static Step.Done cloneSource(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        String jobs = arguments.text("jobs");
        List<String> command = command(
                rig,
                List.of(),
                List.of(
                        "clone",
                        "--target",
                        rig.adminConninfo(Side.TARGET),
                        "--table-jobs",
                        jobs,
                        "--index-jobs",
                        jobs));
        new Programs(rig, arguments.duration("deadline"), Map.of("PATH", path(rig))).require(List.of(command));
        return Step.Done.of("by " + command.getFirst() + " and " + pgDump(rig));
    }

    /** One of its commands on the source, in the run's folder, with something in front of it. */
    static List<String> command(Rig rig, List<String> before, List<String> words) throws StepFailed {
        List<String> command = new ArrayList<>(before);
        command.add(rig.clients().other(PROGRAM, PACKAGE).toString());
        command.addAll(words);
        command.addAll(List.of("--source", rig.replicationConninfo(Side.SOURCE)));
        if (words.getFirst().equals("clone")) {
            command.addAll(List.of("--dir", folder(rig).resolve("work").toString()));
        }
        return command;
    }

    /** It runs the pg_dump that it finds first; roles are there already. */
    static String path(Rig rig) {
        return pgDump(rig).getParent() + ":" + System.getenv().getOrDefault("PATH", "");
    }

    private static Path pgDump(Rig rig) {
        return rig.clients().program("pg_dump", rig.source().majorVersion());
    }

    private static Step.Done analyze(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "ANALYZE");
        return Step.Done.of("");
    }

    /** A folder of the run for what it writes. */
    static Path folder(Rig rig) throws StepFailed {
        try {
            return rig.host(Side.TARGET).folder(PROGRAM);
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for pgcopydb: " + e.getMessage() + ". Free some space.", e);
        }
    }
}
