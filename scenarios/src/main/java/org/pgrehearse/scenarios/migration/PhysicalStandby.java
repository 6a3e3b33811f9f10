package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/** A streaming standby that is promoted: the target is the source's own files and WAL, in the same major version. */
public final class PhysicalStandby implements MigrationSystem {
    private static final String SLOT = "pgrehearse";
    private static final Shape.Argument LONG_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10m");
    private static final Shape.Argument DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");

    static final Shape.Argument WITH = choice("with", "functions", "pg_basebackup");

    @Override
    public String name() {
        return "physical-standby";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return needs(scenario, Map.of());
    }

    /** The needs of everything that begins with a base backup. */
    static Needs needs(Scenario scenario, Map<String, String> settings) {
        boolean byProgram = scenario.runbook().stream()
                .flatMap(stage -> stage.steps().stream())
                .filter(step -> step.step().equals("base-backup"))
                .anyMatch(step -> step.arguments().text("with").equals("pg_basebackup"));
        return new Needs(
                settings,
                Needs.NOTHING.extension(),
                byProgram ? List.of("pg_basebackup") : List.of(),
                Needs.NOTHING.others(),
                true);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(
                        Shape.of(
                                "base-backup",
                                "Replace the target's files by a copy of the source's",
                                WITH,
                                LONG_DEADLINE),
                        PhysicalStandby::baseBackup),
                new Step(
                        Shape.of("start-standby", "Start the target as a streaming standby with a slot on the source"),
                        PhysicalStandby::startStandby),
                new Step(
                        Shape.of(
                                "wait-for-replay",
                                "Wait until the standby is close behind the source",
                                optional("below", ArgumentKind.BYTES, "1MiB"),
                                DEADLINE),
                        PhysicalStandby::waitForReplay),
                new Step(
                        Shape.of(
                                "replay-all",
                                "Prove by LSN that the standby has replayed everything before the fence",
                                DEADLINE),
                        PhysicalStandby::replayAll),
                new Step(
                        Shape.of("promote", "pg_promote on the target, as far as it has replayed", DEADLINE),
                        PhysicalStandby::promote),
                new Step(
                        Shape.of("drop-standby-slot", "Drop the standby's slot on the source"),
                        PhysicalStandby::dropSlot));
    }

    static Step.Done baseBackup(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        Sql.run(
                rig.source(),
                "SELECT pg_create_physical_replication_slot('" + SLOT + "', true) WHERE NOT EXISTS"
                        + " (SELECT FROM pg_replication_slots WHERE slot_name = '" + SLOT + "')");
        return new BaseBackup(rig).by(arguments);
    }

    private static Step.Done startStandby(Rig rig, Arguments arguments) throws StepFailed {
        Host target = rig.host(Side.TARGET);
        try {
            Files.writeString(target.data().resolve("standby.signal"), "");
        } catch (IOException e) {
            throw new StepFailed("Cannot make the target a standby: " + e.getMessage() + ".", e);
        }
        target.start(Map.of(
                "primary_conninfo",
                rig.replicationConninfo(Side.SOURCE) + " application_name=pgrehearse",
                "primary_slot_name",
                SLOT));
        return Step.Done.of("");
    }

    private static Step.Done waitForReplay(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        long limit = arguments.bytes("below");
        String lag = Waiting.until(
                rig,
                arguments.duration("deadline"),
                "The standby's coming within " + limit + " bytes",
                () -> Sql.value(
                                rig.source(),
                                "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), replay_lsn)::bigint"
                                        + " FROM pg_stat_replication WHERE application_name = 'pgrehearse'")
                        .filter(bytes -> Long.parseLong(bytes) < limit));
        return Step.Done.of(lag + " bytes behind");
    }

    private static Step.Done replayAll(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        String fence;
        try (Connection admin = rig.source().admin()) {
            // A commit of its own pushes what is before it out of the WAL buffers.
            Sql.run(admin, "SET default_transaction_read_only = off", "SELECT txid_current()");
            fence = Sql.value(admin, "SELECT pg_current_wal_flush_lsn()").orElseThrow();
        }
        String replayed = replayedAtLeast(rig, fence, arguments.duration("deadline"));
        rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), replayed));
        return Step.Done.of("the target has replayed " + replayed + ", at or past " + fence);
    }

    private static String replayedAtLeast(Rig rig, String lsn, Duration deadline)
            throws SQLException, StepFailed, InterruptedException {
        return Waiting.until(
                rig,
                deadline,
                "The standby's replaying " + lsn,
                () -> Sql.value(
                        rig.target(),
                        "SELECT pg_last_wal_replay_lsn()::text WHERE pg_last_wal_replay_lsn() >= ?::pg_lsn",
                        lsn));
    }

    private static Step.Done promote(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Optional<String> replayed = Sql.value(rig.target(), "SELECT pg_last_wal_replay_lsn()");
        replayed.ifPresent(
                lsn -> rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), lsn)));
        Sql.run(rig.target(), "SELECT pg_promote(false)");
        Waiting.until(
                rig,
                arguments.duration("deadline"),
                "The target's promotion",
                () -> Sql.value(rig.target(), "SELECT 'promoted' WHERE NOT pg_is_in_recovery()"));
        return Step.Done.of(replayed.map(lsn -> "it had replayed " + lsn).orElse(""));
    }

    private static Step.Done dropSlot(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(
                rig.source(),
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + SLOT
                        + "' AND NOT active");
        return Step.Done.of("");
    }
}
