package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Logical replication in one direction: the publications of the side that sends, the subscriptions of the other one,
 * and the slots between them. Statements get past a read-only default, which a fence may have set on either side.
 */
final class Link {
    /** Tokens below zero are the instrument's own rows; no operation has one. */
    private static final Map<Side, Long> MARKER_TOKENS = Map.of(Side.SOURCE, -1L, Side.TARGET, -2L);

    private static final String DENIED = "42501";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final String WRITES = "SET default_transaction_read_only = off";
    private static final String OURS = "subname LIKE 'pgrehearse%' AND subdbid = (SELECT oid FROM pg_database"
            + " WHERE datname = current_database())";

    private final Rig rig;
    private final Side sender;

    private Link(Rig rig, Side sender) {
        this.rig = rig;
        this.sender = sender;
    }

    /** From the source to the target. */
    static Link forward(Rig rig) {
        return new Link(rig, Side.SOURCE);
    }

    /** From the target to the source. */
    static Link back(Rig rig) {
        return new Link(rig, Side.TARGET);
    }

    Server sender() {
        return rig.server(sender);
    }

    Server receiver() {
        return rig.server(sender == Side.SOURCE ? Side.TARGET : Side.SOURCE);
    }

    /** The name of a publication, subscription and slot, by the word in the scenario. */
    String named(String word) throws StepFailed {
        String usual = sender == Side.SOURCE ? LogicalReplication.NAME : LogicalReplication.NAME + "_back";
        if (word.equals(LogicalReplication.NAME)) {
            return usual;
        }
        if (!NAME.matcher(word).matches()) {
            throw new StepFailed("Cannot name a publication or a subscription \"" + word
                    + "\". Use small letters, digits and underscores, with a letter first.");
        }
        return usual + "_" + word;
    }

    Step.Done publish(String name, String what) throws SQLException {
        change(sender(), "CREATE PUBLICATION " + name + " " + what);
        return new Step.Done("", () -> {
            change(sender(), "DROP PUBLICATION IF EXISTS " + name);
            return "dropped the publication";
        });
    }

    Step.Done subscribe(String name, String publication, List<String> options) throws SQLException, StepFailed {
        change(
                receiver(),
                "CREATE SUBSCRIPTION " + name + " CONNECTION " + Sql.literal(rig.replicationConninfoWithSecret(sender))
                        + " PUBLICATION " + publication
                        + (options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")"));
        return new Step.Done("", () -> {
            if (subscription(name).isEmpty()) {
                return "";
            }
            change(
                    receiver(),
                    "ALTER SUBSCRIPTION " + name + " DISABLE",
                    "ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)",
                    "DROP SUBSCRIPTION " + name);
            return "dropped the subscription; " + dropSlots();
        });
    }

    List<String> subscriptions() throws SQLException {
        try (Connection admin = receiver().admin()) {
            return Sql.values(admin, "SELECT subname FROM pg_subscription WHERE " + OURS + " ORDER BY 1");
        }
    }

    Optional<String> subscription(String name) throws SQLException {
        return Sql.value(receiver(), "SELECT subname FROM pg_subscription WHERE subname = ? AND " + OURS, name);
    }

    /** Runs ALTER SUBSCRIPTION on each, and the other one on the way back for those still there. */
    Step.Done alterEach(String change, String changeBack, String did) throws SQLException {
        List<String> names = subscriptions();
        for (String name : names) {
            change(receiver(), "ALTER SUBSCRIPTION " + name + " " + change);
        }
        return new Step.Done("", () -> {
            int undone = 0;
            for (String name : names) {
                if (subscription(name).isPresent()) {
                    change(receiver(), "ALTER SUBSCRIPTION " + name + " " + changeBack.replace("%s", name));
                    undone++;
                }
            }
            return undone == 0 ? "" : did;
        });
    }

    String dropSubscriptions() throws SQLException {
        Optional<String> applied = applied();
        if (sender == Side.SOURCE) {
            applied.ifPresent(lsn ->
                    rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), lsn)));
        }
        for (String name : subscriptions()) {
            change(receiver(), "DROP SUBSCRIPTION " + name);
        }
        return applied.map(lsn -> "the " + name(receiver()) + " had applied " + lsn)
                .orElse("");
    }

    /** What the subscriptions have applied; empty also for a role that may not know. */
    private Optional<String> applied() throws SQLException {
        try {
            return Sql.value(
                    receiver(),
                    "SELECT max(o.remote_lsn)::text FROM pg_replication_origin_status o JOIN pg_subscription s"
                            + " ON o.external_id = 'pg_' || s.oid WHERE o.remote_lsn > '0/0' AND " + OURS);
        } catch (SQLException e) {
            if (DENIED.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    String dropSlots() throws SQLException {
        try (Connection admin = sender().admin()) {
            int dropped = Sql.values(
                            admin,
                            "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots"
                                    + " WHERE slot_name LIKE 'pgrehearse%' AND slot_type = 'logical' AND NOT active")
                    .size();
            return switch (dropped) {
                case 0 -> "no slot was left";
                case 1 -> "dropped the slot";
                default -> "dropped " + dropped + " slots";
            };
        }
    }

    /** The most bytes of WAL that a slot of this link is behind; empty while there is none. */
    Optional<String> lag() throws SQLException {
        return Sql.value(
                sender(),
                "SELECT max(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn))::bigint"
                        + " FROM pg_replication_slots WHERE slot_name LIKE 'pgrehearse%' AND slot_type = 'logical'");
    }

    /**
     * Waits until the receiver has applied all that the sender holds now, which only a fence makes all there will be:
     * every subscription has confirmed the sender's position, and a marker row has arrived.
     *
     * @throws StepFailed when the deadline passes first; it says what the receiver's log says of its workers
     */
    String catchUp(Duration deadline) throws SQLException, StepFailed, InterruptedException {
        ReplicationErrors errors = ReplicationErrors.of(receiver());
        try {
            return proveAllApplied(deadline);
        } catch (StepFailed e) {
            throw errors.explain(e);
        }
    }

    private String proveAllApplied(Duration deadline) throws SQLException, StepFailed, InterruptedException {
        String fence = Sql.value(sender(), "SELECT pg_current_wal_insert_lsn()").orElseThrow();
        String marker = String.valueOf(MARKER_TOKENS.get(sender));
        change(sender(), "INSERT INTO pgrehearse.ledger (token) VALUES (" + marker + ")");
        Waiting.until(
                rig,
                deadline,
                "The marker row's arrival on the " + name(receiver()),
                () -> Sql.value(receiver(), "SELECT 1 FROM pgrehearse.ledger WHERE token = " + marker));
        String confirmed = Waiting.until(
                rig,
                deadline,
                "Every subscription's confirming " + fence,
                () -> Sql.value(
                        sender(),
                        "SELECT min(confirmed_flush_lsn)::text FROM pg_replication_slots"
                                + " WHERE slot_name LIKE 'pgrehearse%' AND slot_type = 'logical'"
                                + " HAVING bool_and(confirmed_flush_lsn >= " + Sql.literal(fence) + "::pg_lsn)"));
        Sql.value(
                        receiver(),
                        "SELECT string_agg(srrelid::regclass::text, ', ') FROM pg_subscription_rel"
                                + " WHERE srsubstate <> 'r'")
                .ifPresent(tables -> rig.recorder()
                        .record(new Event.Trouble(
                                rig.recorder().nowNanos(), "catch-up", "not streaming yet: " + tables)));
        if (sender == Side.SOURCE) {
            rig.recorder().record(new Event.Applied(rig.recorder().nowNanos(), confirmed));
        }
        return "the " + name(receiver()) + " has applied " + confirmed + ", at or past " + fence
                + ", and holds the marker row";
    }

    void changeSender(String... statements) throws SQLException {
        change(sender(), statements);
    }

    void changeReceiver(String... statements) throws SQLException {
        change(receiver(), statements);
    }

    private static void change(Server server, String... statements) throws SQLException {
        try (Connection admin = server.admin()) {
            Sql.run(admin, WRITES);
            Sql.run(admin, statements);
        }
    }

    private static String name(Server server) {
        return server.side().name().toLowerCase(Locale.ROOT);
    }
}
