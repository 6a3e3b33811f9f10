package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Arguments;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * A copy made ahead of the subscription, under the snapshot that a slot exports: what the copy lacks is exactly what
 * the slot will send. An instance is for one run; the snapshot lasts as long as the connection that created the slot.
 */
final class Seeding {
    private @Nullable Connection exporter;
    private @Nullable String snapshot;

    /** Creates the slot of the usual subscription. */
    Step.Done createSlot(Rig rig, Arguments arguments) throws SQLException {
        Connection connection = rig.source().replication();
        try (Statement statement = connection.createStatement();
                ResultSet slot = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + LogicalReplication.NAME + " LOGICAL pgoutput EXPORT_SNAPSHOT")) {
            slot.next();
            exporter = connection;
            snapshot = slot.getString("snapshot_name");
            return new Step.Done("from " + slot.getString("consistent_point") + " on", () -> {
                release();
                return Link.forward(rig).dropSlots();
            });
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Copies every table in one snapshot: the slot's, or one of its own that no slot knows of. */
    Step.Done seedTables(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        boolean ofSlot = arguments.text("snapshot").equals("slot");
        String exported = snapshot;
        if (ofSlot && exported == null) {
            throw new StepFailed("Cannot copy under the slot's snapshot: there is none. Put create-slot before"
                    + " seed-tables, or set snapshot: own.");
        }
        long rows = 0;
        try (Connection source = rig.source().admin();
                Connection target = rig.target().admin()) {
            source.setAutoCommit(false);
            Sql.run(source, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            if (ofSlot && exported != null) {
                Sql.run(source, "SET TRANSACTION SNAPSHOT " + Sql.literal(exported));
            }
            target.setAutoCommit(false);
            Sql.run(target, "SET LOCAL session_replication_role = replica");
            for (String table : rig.tables()) {
                rig.checkpoint();
                rows += copy(source, target, table);
            }
            target.commit();
            source.rollback();
        }
        release();
        return Step.Done.of("copied " + rows + " rows of " + rig.tables().size() + " tables "
                + (ofSlot ? "as of the slot's beginning" : "as of a moment that no slot knows of"));
    }

    private static long copy(Connection source, Connection target, String table) throws SQLException {
        CopyManager from = source.unwrap(PGConnection.class).getCopyAPI();
        CopyManager to = target.unwrap(PGConnection.class).getCopyAPI();
        CopyOut out = from.copyOut("COPY " + table + " TO STDOUT");
        CopyIn in = to.copyIn("COPY " + table + " FROM STDIN");
        try {
            for (byte[] line = out.readFromCopy(); line != null; line = out.readFromCopy()) {
                in.writeToCopy(line, 0, line.length);
            }
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
            if (out.isActive()) {
                out.cancelCopy();
            }
        }
    }

    private void release() throws SQLException {
        Connection held = exporter;
        exporter = null;
        snapshot = null;
        if (held != null) {
            held.close();
        }
    }
}
