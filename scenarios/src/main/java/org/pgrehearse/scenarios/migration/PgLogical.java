package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

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

/** The extension pglogical: a node on each side, replication sets on the source, one subscription on the target. */
public final class PgLogical implements MigrationSystem {
    private static final String LIBRARY = "pglogical";
    private static final String SUBSCRIPTION = "pgrehearse";

    /** The instrument's own row; no operation has this token. */
    private static final long MARKER_TOKEN = -1;

    private static final String WRITES = "SET default_transaction_read_only = off";
    private static final Shape.Argument COPY_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10m");
    private static final Shape.Argument DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");

    @Override
    public String name() {
        return "pglogical";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return new Needs(
                Map.of("shared_preload_libraries", LIBRARY, "track_commit_timestamp", "on"),
                Optional.of(new Needs.Extension(LIBRARY, "postgresql-%d-pglogical")),
                List.of(),
                List.of(),
                false);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(Shape.of("create-schema", "Create the empty schema on the target"), PgLogical::createSchema),
                new Step(
                        Shape.of("create-nodes", "Create the extension and a node on both sides"),
                        PgLogical::createNodes),
                new Step(
                        Shape.of(
                                "fill-replication-sets",
                                "Add tables and sequences to the source's replication sets",
                                optional("tables", ArgumentKind.TEXT, Tables.EVERY),
                                choice("sequences", "all", "none")),
                        PgLogical::fillReplicationSets),
                new Step(
                        Shape.of("subscribe", "Create the subscription on the target; the initial copy begins"),
                        PgLogical::subscribe),
                new Step(
                        Shape.of("wait-for-sync", "Wait until every table is copied and replicating", COPY_DEADLINE),
                        PgLogical::waitForSync),
                new Step(
                        Shape.of(
                                "synchronize-sequences",
                                "Send every sequence of the replication sets ahead, a margin beyond its last value"),
                        PgLogical::synchronizeSequences),
                new Step(
                        Shape.of(
                                "catch-up",
                                "Prove by LSN and by a marker row that everything before the fence is applied",
                                DEADLINE),
                        PgLogical::catchUp),
                new Step(
                        Shape.of("unsubscribe", "Drop the subscription, and its slot on the source"),
                        PgLogical::unsubscribe));
    }

    private static Step.Done createSchema(Rig rig, Arguments arguments) throws SQLException {
        rig.createSchema(Side.TARGET);
        return Step.Done.of("");
    }

    private static Step.Done createNodes(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        for (Side side : Side.values()) {
            try (Connection admin = rig.server(side).admin()) {
                allowPlugin(admin);
                Sql.run(
                        admin,
                        "CREATE EXTENSION IF NOT EXISTS pglogical",
                        // pglogical 2 replicates as nobody less.
                        "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " SUPERUSER");
            }
        }
        Sql.run(rig.source(), node("source", rig.replicationConninfo(Side.SOURCE)));
        Sql.run(rig.target(), node("target", rig.adminConninfo(Side.TARGET)));
        return new Step.Done("", () -> {
            for (Side side : Side.values()) {
                Sql.run(
                        rig.server(side),
                        "DROP EXTENSION IF EXISTS pglogical CASCADE",
                        "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " NOSUPERUSER");
            }
            return "dropped the extension on both sides";
        });
    }

    private static String node(String name, String conninfo) {
        return "SELECT pglogical.create_node(" + Sql.literal(name) + ", " + Sql.literal(conninfo) + ")";
    }

    /** Minor releases of August 2026 and later refuse output plugins that this list does not name. */
    private static void allowPlugin(Connection admin) throws SQLException {
        if (Sql.value(admin, "SELECT 1 FROM pg_settings WHERE name = 'output_plugin_libraries'")
                .isPresent()) {
            Sql.run(
                    admin,
                    "ALTER SYSTEM SET output_plugin_libraries = pgoutput, test_decoding, pglogical_output",
                    "SELECT pg_reload_conf()");
        }
    }

    private static Step.Done fillReplicationSets(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        List<String> tables = Tables.chosen(rig.tables(), arguments.text("tables"));
        try (Connection admin = rig.source().admin()) {
            int keyless = 0;
            for (String table : tables) {
                boolean key = Sql.value(
                                admin, "SELECT 1 FROM pg_index WHERE indisprimary AND indrelid = ?::regclass", table)
                        .isPresent();
                keyless += key ? 0 : 1;
                Sql.run(
                        admin,
                        "SELECT pglogical.replication_set_add_table('" + (key ? "default" : "default_insert_only")
                                + "', " + Sql.literal(table) + ")");
            }
            boolean sequences = arguments.text("sequences").equals("all");
            if (sequences) {
                Sql.run(
                        admin,
                        "SELECT pglogical.replication_set_add_sequence('default', c.oid) FROM pg_class c"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'"
                                + " AND n.nspname NOT IN ('pglogical', 'pg_catalog', 'information_schema')");
            }
            return Step.Done.of(tables.size() + " tables, " + keyless + " of them for inserts only, and "
                    + (sequences ? "all" : "no") + " sequences");
        }
    }

    private static Step.Done subscribe(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Sql.run(
                rig.target(),
                "SELECT pglogical.create_subscription('" + SUBSCRIPTION + "', "
                        + Sql.literal(rig.replicationConninfo(Side.SOURCE))
                        + ", ARRAY['default', 'default_insert_only'], synchronize_structure := false,"
                        + " synchronize_data := true)");
        return new Step.Done("", () -> {
            Sql.run(rig.target(), "SELECT pglogical.drop_subscription('" + SUBSCRIPTION + "', true)");
            return "dropped the subscription";
        });
    }

    private static Step.Done waitForSync(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Waiting.until(
                rig,
                arguments.duration("deadline"),
                "Copying every table",
                () -> Sql.value(
                        rig.target(),
                        "SELECT status FROM pglogical.show_subscription_status('" + SUBSCRIPTION + "')"
                                + " WHERE status = 'replicating' AND NOT EXISTS (SELECT FROM"
                                + " pglogical.local_sync_status WHERE sync_status NOT IN ('y', 'r'))"));
        return Step.Done.of("");
    }

    private static Step.Done synchronizeSequences(Rig rig, Arguments arguments) throws SQLException {
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, WRITES);
            List<String> sequences = Sql.values(
                    admin, "SELECT set_seqoid::regclass::text FROM pglogical.replication_set_seq ORDER BY 1");
            for (String sequence : sequences) {
                Sql.run(admin, "SELECT pglogical.synchronize_sequence(" + Sql.literal(sequence) + ")");
            }
            return Step.Done.of("sent " + sequences.size() + " sequences");
        }
    }

    private static Step.Done catchUp(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Duration deadline = arguments.duration("deadline");
        String fence;
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, WRITES);
            fence = Sql.value(admin, "SELECT pg_current_wal_insert_lsn()").orElseThrow();
            Sql.run(admin, "INSERT INTO pgrehearse.ledger (token) VALUES (" + MARKER_TOKEN + ")");
        }
        Waiting.until(
                rig,
                deadline,
                "The marker row's arrival on the target",
                () -> Sql.value(rig.target(), "SELECT 1 FROM pgrehearse.ledger WHERE token = " + MARKER_TOKEN));
        String confirmed = Waiting.until(
                rig,
                deadline,
                "The subscription's confirming " + fence,
                () -> Sql.value(
                        rig.source(),
                        "SELECT min(confirmed_flush_lsn)::text FROM pg_replication_slots"
                                + " WHERE plugin = 'pglogical_output' AND NOT temporary"
                                + " HAVING bool_and(confirmed_flush_lsn >= " + Sql.literal(fence) + "::pg_lsn)"));
        rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), confirmed));
        return Step.Done.of(
                "the target has applied " + confirmed + ", at or past " + fence + ", and holds the marker row");
    }

    private static Step.Done unsubscribe(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.target(), "SELECT pglogical.drop_subscription('" + SUBSCRIPTION + "')");
        return Step.Done.of("");
    }
}
