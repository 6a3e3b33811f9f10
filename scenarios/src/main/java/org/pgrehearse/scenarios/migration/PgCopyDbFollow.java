package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Daemons;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * pgcopydb clone --follow: a clone whose program goes on in the background and applies what changes, until it is told a
 * last position. It works in a folder of the run and ends with it.
 */
final class PgCopyDbFollow {
    static final String START = "start-follow";
    /** The output plugin that version 0.10 asks for. */
    static final String PLUGIN = "wal2json";

    private static final String NAME = "pgrehearse";
    private static final String ENDED = "ended";
    private static final String LOG = "pgcopydb-follow.log";
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final int TAIL_MAX = 1_500;

    /** The instrument's own row; no operation has this token. */
    private static final long MARKER_TOKEN = -1;

    private static final String WRITES = "SET default_transaction_read_only = off";

    /** Starts the program named by what follows the first two arguments, and notes its exit code. */
    private static final String BACKGROUND =
            "(log=$1 ended=$2; shift 2; \"$@\" >\"$log\" 2>&1; echo $? >\"$ended\") </dev/null >/dev/null 2>&1 &";

    private PgCopyDbFollow() {}

    static List<Step> steps() {
        return List.of(
                new Step(
                        Shape.of(
                                START,
                                "pgcopydb clone --follow in the background; the copy begins",
                                optional("jobs", ArgumentKind.PROCESSES, "2")),
                        PgCopyDbFollow::start),
                new Step(
                        Shape.of(
                                "wait-for-follow",
                                "Wait until the copy is made and changes are applied",
                                optional("deadline", ArgumentKind.DURATION, "30m")),
                        PgCopyDbFollow::copied),
                new Step(
                        Shape.of(
                                "finish-follow",
                                "Tell pgcopydb the last position, and prove by its exit code and a marker row that it"
                                        + " got there",
                                optional("deadline", ArgumentKind.DURATION, "60s")),
                        PgCopyDbFollow::finish),
                new Step(
                        Shape.of(
                                "drop-follow",
                                "Drop pgcopydb's slot and schema on the source, its origin on the target"),
                        PgCopyDbFollow::drop));
    }

    private static Step.Done start(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        if (!Daemons.visible()) {
            throw new StepFailed("Cannot follow with pgcopydb on this system: without /proc nobody can tell its"
                    + " processes from those of others, to end them. Use Linux.");
        }
        try (Connection admin = rig.source().admin()) {
            if (Sql.value(admin, "SELECT 1 FROM pg_settings WHERE name = 'output_plugin_libraries'")
                    .isPresent()) {
                Sql.run(
                        admin,
                        "ALTER SYSTEM SET output_plugin_libraries = pgoutput, test_decoding, " + PLUGIN,
                        "SELECT pg_reload_conf()");
            }
            // It keeps its own table in a schema of its own on the source.
            Sql.run(admin, "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " SUPERUSER");
        }
        Path folder = PgCopyDb.folder(rig);
        programs(rig, folder, START_MAX)
                .require(List.of(PgCopyDb.command(
                        rig,
                        List.of(
                                "sh",
                                "-c",
                                BACKGROUND,
                                "sh",
                                log(rig).toString(),
                                folder.resolve(ENDED).toString()),
                        List.of(
                                "clone",
                                "--follow",
                                "--slot-name",
                                NAME,
                                "--create-slot",
                                "--target",
                                rig.adminConninfo(Side.TARGET),
                                "--table-jobs",
                                arguments.text("jobs"),
                                "--index-jobs",
                                arguments.text("jobs")))));
        return new Step.Done("", () -> {
            end(folder);
            dropAll(rig);
            return "ended pgcopydb and dropped what it had made";
        });
    }

    private static Step.Done copied(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Waiting.until(rig, arguments.duration("deadline"), "Copying every table", () -> {
            requireRunning(rig);
            return Sql.value(rig.source(), "SELECT to_regclass('pgcopydb.sentinel')::text")
                            .isPresent()
                    ? Sql.value(rig.source(), "SELECT 1 FROM pgcopydb.sentinel WHERE apply")
                    : Optional.empty();
        });
        return Step.Done.of("");
    }

    private static Step.Done finish(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        requireRunning(rig);
        Path folder = PgCopyDb.folder(rig);
        Duration deadline = arguments.duration("deadline");
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, WRITES, "INSERT INTO pgrehearse.ledger (token) VALUES (" + MARKER_TOKEN + ")");
            programs(rig, folder, deadline)
                    .require(List.of(PgCopyDb.command(
                            rig, List.of(), List.of("stream", "sentinel", "set", "endpos", "--current"))));
            // Version 0.10 applies whole WAL segments, and sees the last position only in a commit that comes after it.
            Sql.run(
                    admin,
                    "SELECT pg_switch_wal()",
                    "CREATE TABLE pgcopydb.pgrehearse (over integer)",
                    "INSERT INTO pgcopydb.pgrehearse VALUES (1)");
        }
        try {
            Waiting.until(
                    rig,
                    deadline,
                    "The end of pgcopydb",
                    () -> Files.exists(folder.resolve(ENDED)) ? Optional.of(true) : Optional.empty());
        } catch (StepFailed e) {
            end(folder);
            throw new StepFailed(e.getMessage() + " It was ended; it said last: " + said(rig), e);
        }
        String code = read(folder.resolve(ENDED)).strip();
        if (!code.equals("0")) {
            throw new StepFailed("pgcopydb ended with exit code " + code + ". It said last: " + said(rig));
        }
        if (Sql.value(rig.target(), "SELECT 1 FROM pgrehearse.ledger WHERE token = " + MARKER_TOKEN)
                .isEmpty()) {
            throw new StepFailed("pgcopydb ended with exit code 0, and the target lacks the marker row that was written"
                    + " before the last position. It said last: " + said(rig));
        }
        return Step.Done.of("exit code 0, and the target holds the marker row");
    }

    private static void requireRunning(Rig rig) throws StepFailed {
        Path ended = PgCopyDb.folder(rig).resolve(ENDED);
        if (Files.exists(ended)) {
            throw new StepFailed("pgcopydb has ended before its time, with exit code "
                    + read(ended).strip() + ". It said last: " + said(rig));
        }
    }

    private static Step.Done drop(Rig rig, Arguments arguments) throws SQLException {
        dropAll(rig);
        return Step.Done.of("");
    }

    private static void dropAll(Rig rig) throws SQLException {
        Sql.run(
                rig.source(),
                WRITES,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + NAME
                        + "' AND NOT active",
                "DROP SCHEMA IF EXISTS pgcopydb CASCADE",
                "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " NOSUPERUSER");
        Sql.run(
                rig.target(),
                WRITES,
                "DROP SCHEMA IF EXISTS pgcopydb CASCADE",
                "SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname = 'pgcopydb'");
    }

    private static void end(Path folder) throws SQLException {
        try {
            Daemons.end(folder);
        } catch (EnvironmentException e) {
            throw new SQLException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Programs programs(Rig rig, Path folder, Duration deadline) throws StepFailed {
        return new Programs(rig, deadline, Map.of("PATH", PgCopyDb.path(rig)), folder);
    }

    private static Path log(Rig rig) throws StepFailed {
        try {
            return Files.createDirectories(rig.places().outputs().toAbsolutePath())
                    .resolve(LOG);
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot make a folder for pgcopydb's log: " + e.getMessage() + ". Free some space.", e);
        }
    }

    private static String said(Rig rig) throws StepFailed {
        String all = read(log(rig)).strip();
        return all.substring(Math.max(0, all.length() - TAIL_MAX));
    }

    private static String read(Path file) throws StepFailed {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StepFailed("Cannot read " + file + ": " + e.getMessage() + ". Look at it by hand.", e);
        }
    }
}
