package org.pgrehearse.scenarios.external;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What runs have made in a database: schemas, marked by their comment, and what is named after the tool beside a marked
 * schema. Only that is ever removed. For one thread.
 */
final class Leavings {
    private static final String MARK = "pgrehearse run ";
    private static final String SUBSCRIPTIONS = "SELECT subname FROM pg_subscription WHERE subname LIKE 'pgrehearse%'"
            + " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
    private static final String PUBLICATIONS = "SELECT pubname FROM pg_publication WHERE pubname LIKE 'pgrehearse%'";
    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'pgrehearse%'"
            + " AND database = current_database()";
    private static final String SYNC_SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE"
            + " 'pg\\_' || ? || '\\_sync\\_%' AND database = current_database()";
    private static final String READ_ONLY = "SELECT d.datname FROM pg_db_role_setting s JOIN pg_database d ON d.oid ="
            + " s.setdatabase WHERE d.datname = current_database() AND s.setrole = 0"
            + " AND 'default_transaction_read_only=on' = ANY (s.setconfig)";
    private static final String SCHEMAS = "SELECT nspname, coalesce(obj_description(oid, 'pg_namespace'), '')"
            + " FROM pg_namespace WHERE nspname IN ('shop', 'pgrehearse') ORDER BY 1";
    private static final Duration SLOT_MAX = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 100;

    private final Connection connection;

    /** Takes a session of the role that has made them, which may write whatever the database's default. */
    Leavings(Connection connection) throws SQLException {
        this.connection = connection;
        run("SET default_transaction_read_only = off");
        run("SET statement_timeout = '60s'");
        run("SET lock_timeout = '30s'");
    }

    /** Marks the schemas that a run has just made, in its transaction, and lets them say which side they are on. */
    static void mark(Connection connection, String run, String side) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String schema : List.of("shop", "pgrehearse")) {
                statement.execute("COMMENT ON SCHEMA " + schema + " IS '" + MARK + run + " " + side + "'");
            }
            // The comment is no part of what replication or a comparison carries over, and the function is the same.
            statement.execute("CREATE OR REPLACE FUNCTION pgrehearse.executed_on() RETURNS text LANGUAGE sql STABLE"
                    + " PARALLEL SAFE AS $$ SELECT split_part(obj_description(to_regnamespace('pgrehearse'),"
                    + " 'pg_namespace'), ' ', 4) $$");
        }
    }

    /** What bears a name that a run would use and was not made by one; none when the way is clear. */
    List<String> ofOthers() throws SQLException {
        List<String> others = new ArrayList<>();
        for (Schema schema : schemas()) {
            if (!schema.isOurs()) {
                others.add("schema " + schema.name());
            }
        }
        if (run().isEmpty()) {
            names(SUBSCRIPTIONS).forEach(name -> others.add("subscription " + name));
            names(PUBLICATIONS).forEach(name -> others.add("publication " + name));
            names(SLOTS).forEach(name -> others.add("replication slot " + name));
            // What a fence sets, so that at the end nobody could tell whose it was.
            names(READ_ONLY).forEach(_on -> others.add("default_transaction_read_only = on for the database"));
        }
        return others;
    }

    /** The run that has left its mark here; empty when none has. */
    Optional<String> run() throws SQLException {
        return schemas().stream()
                .filter(Schema::isOurs)
                .map(schema -> schema.comment().split(" ", -1)[2])
                .findFirst();
    }

    /** Drops the subscriptions, and answers their numbers, by which slots of unfinished copies are named elsewhere. */
    List<String> dropSubscriptions() throws SQLException {
        List<String> numbers = names(SUBSCRIPTIONS.replace("SELECT subname", "SELECT oid::text"));
        for (String name : names(SUBSCRIPTIONS)) {
            try {
                run("DROP SUBSCRIPTION " + name);
            } catch (SQLException unreachable) {
                run("ALTER SUBSCRIPTION " + name + " DISABLE");
                run("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
                run("DROP SUBSCRIPTION " + name);
            }
        }
        return numbers;
    }

    /**
     * Drops all else: publications, slots, marked schemas, and a fence.
     *
     * @param subscriptions numbers of subscriptions on the other side that are gone
     */
    void dropRest(List<String> subscriptions) throws SQLException {
        List<String> slots = new ArrayList<>(names(SLOTS));
        for (String number : subscriptions) {
            slots.addAll(names(SYNC_SLOTS, number));
        }
        for (String slot : slots) {
            dropSlot(slot);
        }
        for (String publication : names(PUBLICATIONS)) {
            run("DROP PUBLICATION " + publication);
        }
        if (!names(READ_ONLY).isEmpty()) {
            run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only',"
                    + " current_database()); END $$");
        }
        for (Schema schema : schemas()) {
            if (schema.isOurs()) {
                run("DROP SCHEMA " + schema.name() + " CASCADE");
            }
        }
    }

    /** A sender that has lost its receiver notices late; it is ended. */
    private void dropSlot(String slot) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                names(
                        "SELECT pg_terminate_backend(active_pid)::text FROM pg_replication_slots WHERE slot_name = ?"
                                + " AND active",
                        slot);
                names(
                        "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots"
                                + " WHERE slot_name = ?",
                        slot);
                return;
            } catch (SQLException stillActive) {
                if (System.nanoTime() - start > SLOT_MAX.toNanos()) {
                    throw stillActive;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while the slot " + slot + " was in use", hurry);
            }
        }
    }

    private record Schema(String name, String comment) {
        boolean isOurs() {
            return comment.startsWith(MARK);
        }
    }

    private List<Schema> schemas() throws SQLException {
        List<Schema> schemas = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SCHEMAS)) {
            while (rows.next()) {
                schemas.add(new Schema(rows.getString(1), rows.getString(2)));
            }
        }
        return schemas;
    }

    private List<String> names(String query, String... parameters) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
