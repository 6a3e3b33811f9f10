package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A prepared transaction that nobody commits. It outlives us, so its name says whose it is. */
public final class PreparedHarm implements Harm {
    private static final long NONE = -1;
    private static final String FOUND =
            "SELECT transaction::text FROM pg_prepared_xacts WHERE gid = ? AND database = current_database()";

    private final SqlAccess access;
    private final String statement;
    private final String gid = Traces.GID + ProcessHandle.current().pid() + "_" + UUID.randomUUID();
    private final AtomicLong horizon = new AtomicLong(NONE);

    /** A transaction that is not prepared; an empty statement takes a transaction id and nothing else. */
    public PreparedHarm(SqlAccess access, String statement) {
        this.access = access;
        this.statement = statement;
    }

    @Override
    public void inject() throws IOException {
        if (Sql.number(access, "SHOW max_prepared_transactions") == 0) {
            throw new IOException("the server takes no prepared transactions."
                    + " Set max_prepared_transactions above 0 and start it again.");
        }
        try (Connection connection = Sql.open(access)) {
            connection.setAutoCommit(false);
            if (!statement.isEmpty()) {
                Sql.run(connection, statement);
            }
            long later = Horizon.ofThis(connection);
            Sql.run(connection, "PREPARE TRANSACTION " + Sql.literal(gid));
            connection.setAutoCommit(true);
            horizon.set(later);
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    @Override
    public Optional<String> evidence() {
        if (horizon.get() == NONE) {
            return Optional.empty();
        }
        try (Connection connection = Sql.open(access)) {
            List<List<String>> found = Sql.rows(connection, FOUND, gid);
            long passed = Horizon.now(connection) - horizon.get();
            return found.isEmpty() || passed <= 0
                    ? Optional.empty()
                    : Optional.of("prepared transaction " + found.getFirst().getFirst() + " stays open while " + passed
                            + " others went by");
        } catch (SQLException unanswered) {
            return Optional.empty();
        }
    }

    @Override
    public void heal() throws IOException {
        if (Sql.value(access, FOUND, gid).isPresent()) {
            Sql.run(access, "ROLLBACK PREPARED " + Sql.literal(gid));
        }
        if (Sql.value(access, FOUND, gid).isPresent()) {
            throw new IOException("prepared transaction " + gid + " is still there. Roll it back by hand.");
        }
    }
}
