package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/** pgcopydb clone: schema, tables, indexes and sequences, copied with several processes under one snapshot. */
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
                Needs.NOTHING.extension(),
                List.of("pg_dump", "pg_restore"),
                List.of(new Needs.Other(PROGRAM, PACKAGE)),
                false);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(
                        Shape.of(
                                "clone",
                                "pgcopydb clone of the source into the target",
                                optional("jobs", ArgumentKind.PROCESSES, "2"),
                                optional("deadline", ArgumentKind.DURATION, "30m")),
                        PgCopyDb::cloneSource),
                new Step(Shape.of("analyze-target", "ANALYZE on the target"), PgCopyDb::analyze));
    }

    private static Step.Done cloneSource(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        String program = rig.clients().other(PROGRAM, PACKAGE).toString();
        Path pgDump = rig.clients().program("pg_dump", rig.source().majorVersion());
        String jobs = arguments.text("jobs");
        // It runs the pg_dump that it finds first; roles are there already.
        Map<String, String> path =
                Map.of("PATH", pgDump.getParent() + ":" + System.getenv().getOrDefault("PATH", ""));
        new Programs(rig, arguments.duration("deadline"), path)
                .require(List.of(List.of(
                        program,
                        "clone",
                        "--source",
                        rig.replicationConninfo(Side.SOURCE),
                        "--target",
                        rig.adminConninfo(Side.TARGET),
                        "--dir",
                        folder(rig).toString(),
                        "--table-jobs",
                        jobs,
                        "--index-jobs",
                        jobs)));
        return Step.Done.of("by " + program + " and " + pgDump);
    }

    private static Step.Done analyze(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "ANALYZE");
        return Step.Done.of("");
    }

    private static Path folder(Rig rig) throws StepFailed {
        try {
            return rig.host(Side.TARGET).folder(PROGRAM).resolve("work");
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for pgcopydb: " + e.getMessage() + ". Free some space.", e);
        }
    }
}
