package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * Bucardo: triggers on the source note which keys change, and daemons carry the rows of those keys. Its control
 * database is on the target.
 */
public final class Bucardo implements MigrationSystem {
    private static final String SYNC = "pgrehearse";
    private static final String KEY = "bucardo_key";
    private static final int UUID_FUNCTION_SINCE = 13;

    /** The instrument's own row; no operation has this token. */
    private static final long MARKER_TOKEN = -1;

    private static final String WRITES = "SET default_transaction_read_only = off";
    private static final String KEYED = "SELECT 1 FROM pg_index WHERE indrelid = ?::regclass AND indisvalid AND"
            + " (indisprimary OR indisunique AND indpred IS NULL AND indexprs IS NULL)";
    private static final Shape.Argument TABLES = optional("tables", ArgumentKind.TEXT, Tables.EVERY);
    private static final Shape.Argument COPY_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10m");
    private static final Shape.Argument DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");

    @Override
    public String name() {
        return "bucardo";
    }

    @Override
    public Needs needs(Scenario scenario) {
        return new Needs(
                Map.of(),
                Optional.of(new Needs.Extension("plperl", "postgresql-plperl-%d", Set.of(Side.TARGET))),
                List.of(),
                List.of(
                        new Needs.Other(BucardoPrograms.PROGRAM, BucardoPrograms.PROGRAM),
                        new Needs.Other("psql", "postgresql-client")),
                false);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of(
                new Step(Shape.of("create-schema", "Create the empty schema on the target"), Bucardo::createSchema),
                new Step(
                        Shape.of("add-keys", "Give tables without a key a column that is one, on both sides", TABLES),
                        Bucardo::addKeys),
                new Step(
                        Shape.of("install-bucardo", "Create Bucardo's control database and name both databases to it"),
                        Bucardo::install),
                new Step(
                        Shape.of(
                                "fill-relgroup",
                                "Add tables and sequences to Bucardo's group",
                                TABLES,
                                choice("sequences", "all", "none")),
                        Bucardo::fillRelgroup),
                new Step(
                        Shape.of("create-sync", "Create the triggers on the source, and the sync that copies once"),
                        Bucardo::createSync),
                new Step(Shape.of("start-bucardo", "Start Bucardo's daemons; the copy begins"), Bucardo::start),
                new Step(Shape.of("wait-for-copy", "Wait until every table is copied", COPY_DEADLINE), Bucardo::copied),
                new Step(
                        Shape.of(
                                "kick-sync",
                                "Have the sync run once, which also carries sequences",
                                DEADLINE,
                                choice("errors", "stop", "ignore")),
                        Bucardo::kick),
                new Step(
                        Shape.of(
                                "catch-up",
                                "Prove by Bucardo's own delta tables and by a marker row that nothing is left to carry",
                                DEADLINE),
                        Bucardo::catchUp),
                new Step(Shape.of("stop-bucardo", "Stop Bucardo's daemons"), Bucardo::stop),
                new Step(
                        Shape.of(
                                "remove-bucardo",
                                "Drop Bucardo's triggers, tables and functions and its control database"),
                        Bucardo::remove));
    }

    private static Step.Done createSchema(Rig rig, Arguments arguments) throws SQLException {
        rig.createSchema(Side.TARGET);
        return Step.Done.of("");
    }

    private static Step.Done addKeys(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        List<String> keyless = new ArrayList<>();
        try (Connection admin = rig.source().admin()) {
            for (String table : Tables.chosen(rig.tables(), arguments.text("tables"))) {
                if (Sql.value(admin, KEYED, table).isEmpty()) {
                    keyless.add(table);
                }
            }
        }
        for (Side side : Side.values()) {
            Server server = rig.server(side);
            String value = server.majorVersion() >= UUID_FUNCTION_SINCE
                    ? "gen_random_uuid()"
                    : "md5(random()::text || clock_timestamp()::text)::uuid";
            for (String table : keyless) {
                Sql.run(server, "ALTER TABLE " + table + " ADD " + KEY + " uuid PRIMARY KEY DEFAULT " + value);
            }
        }
        return new Step.Done("gave a key to " + String.join(", ", keyless), () -> {
            for (String table : keyless) {
                for (Side side : Side.values()) {
                    Sql.run(rig.server(side), "ALTER TABLE IF EXISTS " + table + " DROP IF EXISTS " + KEY);
                }
            }
            return "dropped the columns that were keys";
        });
    }

    private static Step.Done install(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        BucardoPrograms bucardo = BucardoPrograms.of(rig);
        bucardo.install();
        for (Side side : Side.values()) {
            // Its triggers' schema and session_replication_role need nobody less.
            Sql.run(rig.server(side), "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " SUPERUSER");
        }
        bucardo.addDatabase("source", rig.replicationConninfo(Side.SOURCE));
        bucardo.addDatabase("target", rig.adminConninfo(Side.TARGET));
        return new Step.Done("the control database is on the target", () -> {
            bucardo.end();
            dropAll(rig);
            return "ended Bucardo and dropped all of it";
        });
    }

    private static Step.Done fillRelgroup(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        List<String> tables = Tables.chosen(rig.tables(), arguments.text("tables"));
        List<String> sequences = List.of();
        if (arguments.text("sequences").equals("all")) {
            try (Connection admin = rig.source().admin()) {
                sequences = Sql.values(admin, "SELECT schemaname || '.' || sequencename FROM pg_sequences ORDER BY 1");
            }
        }
        BucardoPrograms bucardo = BucardoPrograms.of(rig);
        add(bucardo, "table", tables);
        add(bucardo, "sequence", sequences);
        return Step.Done.of(tables.size() + " tables and "
                + (sequences.isEmpty() ? "no sequence" : sequences.size() + " sequences"));
    }

    private static void add(BucardoPrograms bucardo, String kind, List<String> names)
            throws StepFailed, InterruptedException {
        if (names.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("add", kind));
        command.addAll(names);
        command.addAll(List.of("db=source", "relgroup=" + SYNC));
        bucardo.run(Duration.ofMinutes(1), command.toArray(String[]::new));
    }

    private static Step.Done createSync(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        // 2: only tables that are empty on the target are copied.
        BucardoPrograms.of(rig)
                .run(
                        Duration.ofMinutes(1),
                        "add",
                        "sync",
                        SYNC,
                        "relgroup=" + SYNC,
                        "dbs=source:source,target:target",
                        "onetimecopy=2");
        return Step.Done.of("");
    }

    private static Step.Done start(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        BucardoPrograms bucardo = BucardoPrograms.of(rig);
        bucardo.start();
        return new Step.Done("", () -> {
            bucardo.end();
            return "ended Bucardo's daemons";
        });
    }

    private static Step.Done copied(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        try {
            Waiting.until(
                    rig,
                    arguments.duration("deadline"),
                    "Copying every table",
                    () -> control(
                            rig,
                            "SELECT 1 FROM bucardo.sync WHERE name = '" + SYNC + "' AND onetimecopy = 0 AND EXISTS"
                                    + " (SELECT FROM bucardo.syncrun WHERE sync = name AND ended IS NOT NULL"
                                    + " AND NOT lastbad AND status NOT LIKE 'Failed%')"));
        } catch (StepFailed e) {
            throw told(rig, e);
        }
        return Step.Done.of("");
    }

    private static Step.Done kick(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        Duration deadline = arguments.duration("deadline");
        String[] command = {"kick", SYNC, Long.toString(Math.max(1, deadline.toSeconds()))};
        BucardoPrograms bucardo = BucardoPrograms.of(rig);
        Duration patience = deadline.plusSeconds(10);
        if (arguments.text("errors").equals("stop")) {
            bucardo.run(patience, command);
            return Step.Done.of("the sync has run");
        }
        Programs.Result result = bucardo.attempt(patience, command);
        return Step.Done.of(
                result.succeeded()
                        ? "the sync has run"
                        : "exit code " + result.exitCodes().getFirst() + ", which nobody looked at: "
                                + result.complaints());
    }

    private static Step.Done catchUp(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Duration deadline = arguments.duration("deadline");
        try (Connection admin = rig.source().admin()) {
            Sql.run(admin, WRITES, "INSERT INTO pgrehearse.ledger (token) VALUES (" + MARKER_TOKEN + ")");
        }
        try {
            Waiting.until(
                    rig,
                    deadline,
                    "The marker row's arrival on the target",
                    () -> Sql.value(rig.target(), "SELECT 1 FROM pgrehearse.ledger WHERE token = " + MARKER_TOKEN));
            Waiting.until(
                    rig,
                    deadline,
                    "The end of Bucardo's delta rows",
                    () -> BucardoDeltas.left(rig.source()) == 0 ? Optional.of(true) : Optional.empty());
        } catch (StepFailed e) {
            throw told(rig, e);
        }
        return Step.Done.of("no delta row of "
                + BucardoDeltas.tables(rig.source()).size() + " tables is left, and the target holds the marker row");
    }

    /** A deadline that passed, with what Bucardo and its delta tables say. */
    private static StepFailed told(Rig rig, StepFailed deadline) throws SQLException {
        String said = control(
                        rig,
                        "SELECT left(status, 300) FROM bucardo.syncrun WHERE sync = '" + SYNC
                                + "' AND ended IS NOT NULL ORDER BY ended DESC LIMIT 1")
                .map(status -> " The sync's last run: " + status.replaceAll("\\s+", " ") + ".")
                .orElse(" The sync has not run.");
        return new StepFailed(
                deadline.getMessage() + " Rows left to carry: " + BucardoDeltas.left(rig.source()) + "." + said,
                deadline);
    }

    private static Step.Done stop(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        return Step.Done.of(BucardoPrograms.of(rig).stop());
    }

    private static Step.Done remove(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        if (!BucardoPrograms.of(rig).stopped()) {
            throw new StepFailed("Cannot remove Bucardo while its daemons run. Put stop-bucardo before it.");
        }
        dropAll(rig);
        try (Connection admin = rig.source().admin()) {
            // The tool itself says that it leaves its triggers, and each of them would fail every write from now on.
            List<String> left = Sql.values(
                    admin,
                    "SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger"
                            + " WHERE tgname LIKE 'bucardo%' UNION ALL"
                            + " SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'bucardo'");
            if (!left.isEmpty()) {
                throw new StepFailed("Bucardo is still on the source: " + String.join(", ", left)
                        + ". Drop it by hand, or find out who made it.");
            }
        }
        return Step.Done.of("no trigger and no schema of Bucardo is left on the source");
    }

    private static void dropAll(Rig rig) throws SQLException {
        for (Side side : Side.values()) {
            Sql.run(
                    rig.server(side),
                    WRITES,
                    "DROP SCHEMA IF EXISTS bucardo CASCADE",
                    "ALTER ROLE " + Sql.identifier(rig.replicationRole()) + " NOSUPERUSER");
        }
        try (Connection admin = rig.target().admin()) {
            Sql.run(admin, WRITES);
            Sql.run(
                    admin,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + BucardoPrograms.CONTROL
                            + "'");
            Sql.run(admin, "DROP DATABASE IF EXISTS " + BucardoPrograms.CONTROL);
            Sql.run(admin, "DROP ROLE IF EXISTS " + BucardoPrograms.CONTROL);
        }
    }

    private static Optional<String> control(Rig rig, String query) throws SQLException {
        try (Connection admin = rig.target().admin(BucardoPrograms.CONTROL)) {
            return Sql.value(admin, query);
        }
    }
}
