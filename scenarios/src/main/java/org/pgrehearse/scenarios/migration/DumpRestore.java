package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/** pg_dump and pg_restore: users wait while everything is written out and read in again. */
public final class DumpRestore implements MigrationSystem {
    private static final String DUMP = "pg_dump";
    private static final String RESTORE = "pg_restore";
    private static final Shape.Argument DEADLINE = optional("deadline", ArgumentKind.DURATION, "30m");
    private static final Shape.Argument JOBS = optional("jobs", ArgumentKind.PROCESSES, "2");
    private static final Shape.Argument ERRORS = choice("errors", "stop", "ignore");

    @Override
    public String name() {
        return "dump-restore";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return new Needs(
                Needs.NOTHING.settings(),
                Needs.NOTHING.extension(),
                List.of(DUMP, RESTORE),
                Needs.NOTHING.others(),
                false);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(
                        Shape.of("dump-and-restore", "pg_dump | pg_restore, nothing in between", ERRORS, DEADLINE),
                        DumpRestore::pipe),
                new Step(
                        Shape.of(
                                "dump",
                                "pg_dump of the source into a folder, several tables at a time",
                                JOBS,
                                DEADLINE),
                        DumpRestore::dump),
                new Step(
                        Shape.of(
                                "restore",
                                "pg_restore of that folder into the target, several tables at a time",
                                JOBS,
                                ERRORS,
                                DEADLINE),
                        DumpRestore::restore),
                new Step(
                        Shape.of("analyze-target", "ANALYZE on the target, which a restored database lacks"),
                        DumpRestore::analyze));
    }

    private static Step.Done pipe(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        List<String> dump = new ArrayList<>(dumpOf(rig));
        dump.add("--format=custom");
        List<String> restore = new ArrayList<>(restoreInto(rig, arguments));
        return run(rig, arguments, List.of(dump, restore));
    }

    private static Step.Done dump(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        List<String> dump = new ArrayList<>(dumpOf(rig));
        dump.addAll(List.of("--format=directory", "--jobs=" + arguments.text("jobs"), "--file=" + folder(rig)));
        Duration deadline = arguments.duration("deadline");
        new Programs(rig, deadline).require(List.of(dump));
        return Step.Done.of("by " + dump.getFirst());
    }

    private static Step.Done restore(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        List<String> restore = new ArrayList<>(restoreInto(rig, arguments));
        restore.addAll(List.of("--jobs=" + arguments.text("jobs"), folder(rig).toString()));
        return run(rig, arguments, List.of(restore));
    }

    private static Step.Done analyze(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "ANALYZE");
        return Step.Done.of("");
    }

    private static Step.Done run(Rig rig, Arguments arguments, List<List<String>> commands)
            throws StepFailed, InterruptedException {
        Programs programs = new Programs(rig, arguments.duration("deadline"));
        if (arguments.text("errors").equals("stop")) {
            programs.require(commands);
            return Step.Done.of("by " + commands.getFirst().getFirst());
        }
        Programs.Result result = programs.pipe(commands);
        return Step.Done.of(
                result.succeeded()
                        ? "no program complained"
                        : "exit codes " + result.exitCodes() + ", which nobody looked at: " + result.complaints());
    }

    /** Through the fault proxy of the replication link: the dump reaches the source as replication would. */
    private static List<String> dumpOf(Rig rig) throws StepFailed {
        return List.of(
                rig.clients().program(DUMP, rig.source().majorVersion()).toString(),
                "--no-password",
                "--dbname=" + rig.replicationConninfo(Side.SOURCE));
    }

    private static List<String> restoreInto(Rig rig, Arguments arguments) throws StepFailed {
        Server target = rig.target();
        List<String> command = new ArrayList<>(List.of(
                rig.clients().program(RESTORE, rig.source().majorVersion()).toString(),
                "--no-password",
                "--dbname=" + rig.adminConninfo(Side.TARGET)));
        if (arguments.text("errors").equals("stop")) {
            command.add("--exit-on-error");
        }
        if (target.majorVersion() < rig.source().majorVersion()) {
            throw new StepFailed("Cannot restore a dump of version "
                    + rig.source().majorVersion() + " into the older " + target.majorVersion()
                    + ". Set environment.target to the source's version or a newer one.");
        }
        return command;
    }

    private static Path folder(Rig rig) throws StepFailed {
        try {
            return rig.host(Side.TARGET).folder("dump").resolve("database");
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for the dump: " + e.getMessage() + ". Free some space.", e);
        }
    }
}
