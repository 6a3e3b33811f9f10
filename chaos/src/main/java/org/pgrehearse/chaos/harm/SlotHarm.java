package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A replication slot that is dropped, or made invalid. Both are permanent: no healing brings back its position. */
public final class SlotHarm implements Harm {
    private static final Duration HARM_MAX = Duration.ofSeconds(30);
    private static final int WAL_STATUS_SINCE = 130000;
    private static final String SETTING = "max_slot_wal_keep_size";

    private final SqlAccess access;
    private final String slot;
    private final boolean drops;
    private final AtomicBoolean done = new AtomicBoolean();

    private SlotHarm(SqlAccess access, String slot, boolean drops) {
        this.access = access;
        this.slot = slot;
        this.drops = drops;
    }

    /** A slot that is not dropped yet. */
    public static SlotHarm dropping(SqlAccess access, String slot) {
        return new SlotHarm(access, slot, true);
    }

    /** A slot that is valid still. */
    public static SlotHarm invalidating(SqlAccess access, String slot) {
        return new SlotHarm(access, slot, false);
    }

    @Override
    public void inject() throws IOException {
        try (Connection connection = Sql.open(access)) {
            if (slot(connection).isEmpty()) {
                throw new IOException("there is no replication slot \"" + slot + "\". See pg_replication_slots.");
            }
            if (drops) {
                drop(connection);
            } else {
                invalidate(connection);
            }
            done.set(true);
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    private List<List<String>> slot(Connection connection) throws SQLException {
        return Sql.rows(connection, "SELECT slot_name FROM pg_replication_slots WHERE slot_name = ?", slot);
    }

    /** Its user comes back at once, so that the slot is free for moments only. */
    private void drop(Connection connection) throws IOException {
        boolean dropped = Wait.until(HARM_MAX, () -> {
            try {
                endItsUser(connection);
                Sql.rows(
                        connection,
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                                + " WHERE slot_name = ? AND NOT active",
                        slot);
                return slot(connection).isEmpty();
            } catch (SQLException inUse) {
                throw Sql.failed(inUse);
            }
        });
        if (!dropped) {
            throw new IOException(
                    "slot \"" + slot + "\" was in use for " + HARM_MAX.toSeconds() + " s. Stop its subscriber first.");
        }
    }

    private void endItsUser(Connection connection) throws SQLException {
        Sql.rows(
                connection,
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                        + " WHERE slot_name = ? AND active_pid IS NOT NULL",
                slot);
    }

    /** The setting is put back before this returns, so that nothing but the slot stays harmed. */
    private void invalidate(Connection connection) throws IOException, SQLException {
        if (Integer.parseInt(Sql.rows(connection, "SHOW server_version_num")
                        .getFirst()
                        .getFirst())
                < WAL_STATUS_SINCE) {
            throw new IOException("slots are made invalid since PostgreSQL 13. Drop it instead.");
        }
        List<List<String>> before = Sql.rows(
                connection,
                "SELECT setting FROM pg_file_settings WHERE name = ? AND sourcefile LIKE '%postgresql.auto.conf'"
                        + " ORDER BY seqno DESC LIMIT 1",
                SETTING);
        try {
            Sql.run(connection, "ALTER SYSTEM SET " + SETTING + " = 0");
            Sql.run(connection, "SELECT pg_reload_conf()");
            boolean lost = Wait.until(HARM_MAX, () -> isLostAfterOneMoreSegment(connection));
            if (!lost) {
                throw new IOException("slot \"" + slot + "\" kept its WAL for " + HARM_MAX.toSeconds()
                        + " s. Stop its subscriber first.");
            }
        } finally {
            Sql.run(
                    connection,
                    before.isEmpty()
                            ? "ALTER SYSTEM RESET " + SETTING
                            : "ALTER SYSTEM SET " + SETTING + " = "
                                    + Sql.literal(before.getFirst().getFirst()));
            Sql.run(connection, "SELECT pg_reload_conf()");
        }
    }

    private boolean isLostAfterOneMoreSegment(Connection connection) throws IOException {
        try {
            endItsUser(connection);
            Sql.rows(connection, "SELECT pg_logical_emit_message(false, 'pgrehearse', 'the last of a segment')");
            Sql.rows(connection, "SELECT pg_switch_wal()");
            Sql.run(connection, "CHECKPOINT");
            return isLost(connection);
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    private boolean isLost(Connection connection) throws SQLException {
        return !Sql.rows(
                        connection,
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND wal_status = 'lost'",
                        slot)
                .isEmpty();
    }

    @Override
    public Optional<String> evidence() {
        if (!done.get()) {
            return Optional.empty();
        }
        try (Connection connection = Sql.open(access)) {
            if (drops) {
                return slot(connection).isEmpty() ? Optional.of("slot " + slot + " is gone") : Optional.empty();
            }
            return isLost(connection) ? Optional.of("slot " + slot + " has the status lost") : Optional.empty();
        } catch (SQLException unanswered) {
            return Optional.empty();
        }
    }

    /** There is nothing to stop: the harm is done once. */
    @Override
    public void heal() {}

    @Override
    public Optional<String> damage() {
        if (!done.get()) {
            return Optional.empty();
        }
        return Optional.of(
                "slot " + slot + (drops ? " stays dropped" : " stays invalid") + "; its subscriber needs a new copy");
    }
}
