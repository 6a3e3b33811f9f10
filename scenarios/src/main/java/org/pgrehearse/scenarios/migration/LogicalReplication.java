package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** PostgreSQL's own logical replication: one publication on the source, one subscription on the target. */
public final class LogicalReplication implements MigrationSystem {
    /** Name of the publication, the subscription and the slot. */
    public static final String NAME = "pgrehearse";

    private static final Shape.Argument COPY_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10m");
    private static final Shape.Argument SHORT_DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");

    /** Tokens below zero are the instrument's own rows; no operation has one. */
    private static final long MARKER_TOKEN = -1;

    @Override
    public String name() {
        return "logical-replication";
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(Shape.of("create-schema", "Create the empty schema on the target"), this::createSchema),
                new Step(Shape.of("create-publication", "Publish every table on the source"), this::createPublication),
                new Step(
                        Shape.of("create-subscription", "Subscribe on the target; the initial copy begins"),
                        this::createSubscription),
                new Step(
                        Shape.of("wait-for-copy", "Wait until every table is copied and streaming", COPY_DEADLINE),
                        this::waitForCopy),
                new Step(
                        Shape.of(
                                "wait-for-lag",
                                "Wait until the target is close behind the source",
                                optional("below", ArgumentKind.BYTES, "1MiB"),
                                SHORT_DEADLINE),
                        this::waitForLag),
                new Step(
                        Shape.of(
                                "catch-up",
                                "Prove by LSN and by a marker row that everything before the fence is applied",
                                SHORT_DEADLINE),
                        this::catchUp),
                new Step(
                        Shape.of("disable-subscription", "ALTER SUBSCRIPTION … DISABLE on the target"),
                        this::disableSubscription),
                new Step(
                        Shape.of("detach-slot", "ALTER SUBSCRIPTION … SET (slot_name = NONE) on the target"),
                        this::detachSlot),
                new Step(Shape.of("drop-subscription", "DROP SUBSCRIPTION on the target"), this::dropSubscription),
                new Step(
                        Shape.of("drop-slot", "Drop the replication slot on the source, if it is still there"),
                        this::dropSlot));
    }

    private Step.Done createSchema(Rig rig, Arguments arguments) throws SQLException {
        rig.createSchema(Side.TARGET);
        return Step.Done.of("");
    }

    private Step.Done createPublication(Rig rig, Arguments arguments) throws SQLException {
        String tables = String.join(", ", rig.tables());
        Sql.run(rig.source(), "CREATE PUBLICATION " + NAME + " FOR TABLE " + tables);
        return new Step.Done("published " + rig.tables().size() + " tables", () -> {
            Sql.run(rig.source(), "DROP PUBLICATION IF EXISTS " + NAME);
            return "dropped the publication";
        });
    }

    private Step.Done createSubscription(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(
                rig.target(),
                "CREATE SUBSCRIPTION " + NAME + " CONNECTION " + Sql.literal(rig.replicationConninfo())
                        + " PUBLICATION " + NAME);
        return new Step.Done("", () -> {
            if (subscription(rig).isEmpty()) {
                return "";
            }
            disableSubscription(rig, Arguments.none());
            detachSlot(rig, Arguments.none());
            Sql.run(rig.target(), "DROP SUBSCRIPTION " + NAME);
            return "dropped the subscription; "
                    + dropSlot(rig, Arguments.none()).detail();
        });
    }

    private Step.Done waitForCopy(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        String tables = Waiting.until(
                rig,
                arguments.duration("deadline"),
                "Copying every table",
                () -> Sql.value(
                        rig.target(),
                        "SELECT count(*) FROM pg_subscription_rel HAVING count(*) > 0"
                                + " AND bool_and(srsubstate = 'r')"));
        return Step.Done.of(tables + " tables copied and streaming");
    }

    private Step.Done waitForLag(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        long limit = arguments.bytes("below");
        String lag = Waiting.until(
                rig,
                arguments.duration("deadline"),
                "A lag below " + limit + " bytes",
                () -> Sql.value(
                                rig.source(),
                                "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn)::bigint"
                                        + " FROM pg_replication_slots WHERE slot_name = ?",
                                NAME)
                        .filter(bytes -> Long.parseLong(bytes) < limit));
        return Step.Done.of(lag + " bytes behind");
    }

    private Step.Done catchUp(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        Duration deadline = arguments.duration("deadline");
        String fence =
                Sql.value(rig.source(), "SELECT pg_current_wal_insert_lsn()").orElseThrow();
        try (Connection admin = rig.source().admin()) {
            Sql.run(
                    admin,
                    "SET default_transaction_read_only = off",
                    "INSERT INTO pgrehearse.ledger (token) VALUES (" + MARKER_TOKEN + ")");
        }
        Waiting.until(
                rig,
                deadline,
                "The marker row's arrival on the target",
                () -> Sql.value(rig.target(), "SELECT 1 FROM pgrehearse.ledger WHERE token = " + MARKER_TOKEN));
        String applied =
                Waiting.until(rig, deadline, "The target's reaching " + fence, () -> appliedAtLeast(rig, fence));
        Sql.value(
                        rig.target(),
                        "SELECT string_agg(srrelid::regclass::text, ', ') FROM pg_subscription_rel"
                                + " WHERE srsubstate <> 'r'")
                .ifPresent(tables -> rig.recorder()
                        .record(new Event.Trouble(
                                rig.recorder().nowNanos(), "catch-up", "not streaming yet: " + tables)));
        rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), applied));
        return Step.Done.of(
                "the target has applied " + applied + ", at or past " + fence + ", and holds the marker row");
    }

    private static Optional<String> appliedAtLeast(Rig rig, String lsn) throws SQLException {
        return Sql.value(
                rig.target(),
                "SELECT remote_lsn FROM pg_replication_origin_status WHERE external_id = (SELECT 'pg_' || oid"
                        + " FROM pg_subscription WHERE subname = ?) AND remote_lsn >= ?::pg_lsn",
                NAME,
                lsn);
    }

    private Step.Done disableSubscription(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "ALTER SUBSCRIPTION " + NAME + " DISABLE");
        return new Step.Done("", () -> {
            if (subscription(rig).isEmpty()) {
                return "";
            }
            Sql.run(rig.target(), "ALTER SUBSCRIPTION " + NAME + " ENABLE");
            return "enabled the subscription again";
        });
    }

    private Step.Done detachSlot(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "ALTER SUBSCRIPTION " + NAME + " SET (slot_name = NONE)");
        return new Step.Done("", () -> {
            if (subscription(rig).isEmpty()) {
                return "";
            }
            Sql.run(rig.target(), "ALTER SUBSCRIPTION " + NAME + " SET (slot_name = " + Sql.literal(NAME) + ")");
            return "attached the slot again";
        });
    }

    private Step.Done dropSubscription(Rig rig, Arguments arguments) throws SQLException {
        Optional<String> applied = appliedAtLeast(rig, "0/0");
        applied.ifPresent(
                lsn -> rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), lsn)));
        Sql.run(rig.target(), "DROP SUBSCRIPTION " + NAME);
        return Step.Done.of(applied.map(lsn -> "the target had applied " + lsn).orElse(""));
    }

    private Step.Done dropSlot(Rig rig, Arguments arguments) throws SQLException {
        try (Connection admin = rig.source().admin()) {
            int dropped = Sql.values(
                            admin,
                            "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots"
                                    + " WHERE slot_name = ? AND NOT active",
                            NAME)
                    .size();
            return Step.Done.of(dropped == 0 ? "no slot was left" : "dropped the slot");
        }
    }

    private static Optional<String> subscription(Rig rig) throws SQLException {
        return Sql.value(rig.target(), "SELECT subname FROM pg_subscription WHERE subname = ?", NAME);
    }
}
