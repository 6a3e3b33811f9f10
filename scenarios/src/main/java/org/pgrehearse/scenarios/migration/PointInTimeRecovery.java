package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * Recovery of the target from a base backup and archived WAL to a moment of the source's past. What the source held at
 * that moment is kept readable and is what the target must equal. An instance is for one run.
 */
public final class PointInTimeRecovery implements MigrationSystem {
    private static final String ARCHIVE = "archive";
    private static final String RESTORE_POINT = "pgrehearse";

    /** The instrument's own row after the bad step; no operation has this token. */
    private static final long LATER_TOKEN = -3;

    private static final Shape.Argument DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");

    private @Nullable String pointLsn;
    private @Nullable String badTransaction;
    private @Nullable String momentBefore;
    private @Nullable String momentAfter;

    @Override
    public String name() {
        return "point-in-time-recovery";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return PhysicalStandby.needs(scenario, Map.of("archive_mode", "on"));
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(
                        Shape.of(
                                "archive-wal", "Let the source archive its WAL, and wait for the first file", DEADLINE),
                        PointInTimeRecovery::archiveWal),
                new Step(
                        Shape.of(
                                "base-backup",
                                "Replace the target's files by a copy of the source's",
                                PhysicalStandby.WITH,
                                optional("deadline", ArgumentKind.DURATION, "10m")),
                        PointInTimeRecovery::baseBackup),
                new Step(
                        Shape.of("restore-point", "Name this moment of the source, and keep readable what it holds"),
                        (rig, arguments) -> restorePoint(rig)),
                new Step(
                        Shape.of(
                                "bad-step",
                                "Execute a statement on the source that will have to be undone",
                                required("statement", ArgumentKind.TEXT)),
                        this::badStep),
                new Step(
                        Shape.of(
                                "archive-last-segment",
                                "Switch to a new WAL file on the source and wait until the last one is archived",
                                DEADLINE),
                        PointInTimeRecovery::archiveLast),
                new Step(
                        Shape.of(
                                "recover",
                                "Recover the target from the backup and the archive, and promote it",
                                choice(
                                        "to",
                                        "restore-point",
                                        "lsn",
                                        "time-before",
                                        "time-after",
                                        "bad-transaction",
                                        "end"),
                                choice("inclusive", "no", "yes"),
                                DEADLINE),
                        this::recover));
    }

    private static Step.Done archiveWal(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Path archive = archive(rig);
        Sql.run(
                rig.source(),
                "ALTER SYSTEM SET archive_command = " + Sql.literal("cp \"%p\" \"" + archive + "/%f\""),
                "SELECT pg_reload_conf()");
        return archiveLast(rig, arguments);
    }

    /** The target stays stopped until it is recovered. */
    private static Step.Done baseBackup(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        return new BaseBackup(rig).by(arguments);
    }

    private Step.Done restorePoint(Rig rig) throws SQLException {
        rig.holdSnapshot(Side.SOURCE);
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, "SET default_transaction_read_only = off");
            String lsn = Sql.value(admin, "SELECT pg_create_restore_point('" + RESTORE_POINT + "')::text")
                    .orElseThrow();
            pointLsn = lsn;
            return Step.Done.of("at " + lsn);
        }
    }

    private Step.Done badStep(Rig rig, Arguments arguments) throws SQLException {
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, "SET default_transaction_read_only = off");
            momentBefore = Sql.value(admin, "SELECT clock_timestamp()::text").orElseThrow();
            Sql.run(admin, "BEGIN");
            String xid = Sql.value(admin, "SELECT (txid_current() % 4294967296)::text")
                    .orElseThrow();
            Sql.run(admin, arguments.text("statement"), "COMMIT");
            badTransaction = xid;
            momentAfter = Sql.value(admin, "SELECT clock_timestamp()::text").orElseThrow();
            // Recovery to a time ends at the first commit after it, so there must be one.
            Sql.run(admin, "INSERT INTO pgrehearse.ledger (token) VALUES (" + LATER_TOKEN + ")");
            return Step.Done.of("transaction " + xid + ", committed before " + momentAfter);
        }
    }

    private static Step.Done archiveLast(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        String file;
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, "SET default_transaction_read_only = off");
            file = Sql.value(admin, "SELECT pg_walfile_name(pg_current_wal_lsn())")
                    .orElseThrow();
            Sql.run(admin, "SELECT txid_current()", "SELECT pg_switch_wal()");
        }
        Waiting.until(
                rig,
                arguments.duration("deadline"),
                "The archiving of " + file,
                () -> Files.isRegularFile(archive(rig).resolve(file))
                        ? Sql.value(
                                rig.source(),
                                "SELECT last_archived_wal FROM pg_stat_archiver WHERE last_archived_wal >= ?",
                                file)
                        : Optional.empty());
        return Step.Done.of("archived up to " + file);
    }

    private Step.Done recover(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        String to = arguments.text("to");
        Map<String, String> settings = new HashMap<>(target(to));
        settings.put("restore_command", "cp \"" + archive(rig) + "/%f\" \"%p\"");
        settings.put("recovery_target_action", "promote");
        if (!to.equals("end")) {
            settings.put(
                    "recovery_target_inclusive", arguments.text("inclusive").equals("yes") ? "on" : "off");
        }
        Host target = rig.host(Side.TARGET);
        try {
            Files.writeString(target.data().resolve("recovery.signal"), "");
        } catch (IOException e) {
            throw new StepFailed("Cannot ask the target for recovery: " + e.getMessage() + ".", e);
        }
        target.start(settings);
        Waiting.until(
                rig,
                arguments.duration("deadline"),
                "The end of the target's recovery",
                () -> Sql.value(rig.target(), "SELECT 'done' WHERE NOT pg_is_in_recovery()"));
        String reached =
                Sql.value(rig.target(), "SELECT pg_last_wal_replay_lsn()").orElse("0/0");
        rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), reached));
        return Step.Done.of("to " + to + ": "
                + settings.entrySet().stream()
                        .filter(setting -> setting.getKey().startsWith("recovery_target"))
                        .map(setting -> setting.getKey() + " = " + setting.getValue())
                        .sorted()
                        .toList());
    }

    private Map<String, String> target(String to) throws StepFailed {
        return switch (to) {
            case "restore-point" -> Map.of("recovery_target_name", RESTORE_POINT);
            case "lsn" -> Map.of("recovery_target_lsn", known(pointLsn, "restore-point"));
            case "time-before" -> Map.of("recovery_target_time", known(momentBefore, "bad-step"));
            case "time-after" -> Map.of("recovery_target_time", known(momentAfter, "bad-step"));
            case "bad-transaction" -> Map.of("recovery_target_xid", known(badTransaction, "bad-step"));
            case "end" -> Map.of();
            default -> throw new IllegalStateException("a checked argument is no word of its choice: " + to);
        };
    }

    private static String known(@Nullable String fact, String step) throws StepFailed {
        if (fact == null) {
            throw new StepFailed("Cannot recover to what no step has noted. Put " + step + " before recover.");
        }
        return fact;
    }

    private static Path archive(Rig rig) throws StepFailed {
        try {
            return rig.host(Side.SOURCE).folder(ARCHIVE);
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for the archive: " + e.getMessage() + ". Free some space.", e);
        }
    }
}
