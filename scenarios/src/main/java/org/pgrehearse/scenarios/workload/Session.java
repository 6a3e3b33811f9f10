package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.topology.Lease;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Runs one transaction on a borrowed connection and says truthfully how it ended. A write is acknowledged only when the
 * server confirmed the COMMIT of the very transaction that wrote the ledger. Nothing is tried twice here: see
 * {@link Retry}.
 */
final class Session {
    static final String INSERT_TOKEN =
            "INSERT INTO pgrehearse.ledger (token) VALUES (?) RETURNING executed_on, xid, lsn::text, backend";
    private static final String NO_TRANSACTION = "25P01";
    private static final int WARNINGS_MAX = 20;

    private final LongSupplier nanos;
    private final Isolation isolation;

    Session(LongSupplier nanos, Isolation isolation) {
        this.nanos = nanos;
        this.isolation = isolation;
    }

    /**
     * Runs statements that leave nothing in the ledger. When they may write all the same, whatever the server did not
     * answer is unknown.
     */
    Result read(Lease lease, Transaction transaction, long token) {
        try {
            lease.connection().setAutoCommit(true);
            Transaction.Executor executor = transaction.run(lease.connection(), token);
            return Result.acknowledged(nanos.getAsLong(), Witness.ofRead(executor.clusterName()));
        } catch (SQLException e) {
            return failed(lease, transaction.held() ? Conclusion.afterHandover(e) : Conclusion.beforeCommit(e), null);
        } finally {
            if (!idle(lease.connection())) {
                lease.discard();
            }
        }
    }

    private static boolean idle(Connection connection) {
        return !(connection instanceof BaseConnection base) || base.getTransactionState() == TransactionState.IDLE;
    }

    /** Runs a transaction that writes, and its line in the ledger. */
    Result write(Attempt attempt, Lease lease, Transaction transaction) {
        Connection connection = lease.connection();
        Witness witness;
        int backend;
        try {
            connection.setAutoCommit(false);
            isolate(connection, transaction.isolation().orElse(isolation));
            Transaction.Executor executor = transaction.run(connection, attempt.token());
            backend = executor.backend();
            attempt.wrote(executor.keys());
            witness = insertToken(connection, attempt.token());
        } catch (SQLException e) {
            Conclusion conclusion = Conclusion.beforeCommit(e);
            Result result = failed(lease, conclusion, null);
            if (conclusion.usable()) {
                rollback(lease);
            }
            return result;
        }
        return commit(attempt, lease, witness, backend);
    }

    private static void isolate(Connection connection, Isolation level) throws SQLException {
        if (level != Isolation.READ_COMMITTED) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL " + level.sql());
            }
        }
    }

    /** Writes a token; under autocommit this is the whole write. */
    static Witness insertToken(Connection connection, long token) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_TOKEN)) {
            insert.setLong(1, token);
            try (ResultSet row = insert.executeQuery()) {
                return Witness.ofWrite(row);
            }
        }
    }

    private Result commit(Attempt attempt, Lease lease, Witness witness, int backend) {
        if (backend != witness.backend() || !inTransaction(lease.connection())) {
            lease.discard();
            return Result.unknown(
                    nanos.getAsLong(),
                    witness,
                    "Cannot commit: the transaction lost its backend, " + backend + " began it and " + witness.backend()
                            + " wrote the ledger.");
        }
        if (!attempt.handOver()) {
            lease.discard();
            return Result.notSent(nanos.getAsLong(), "Given up before COMMIT.");
        }
        try {
            lease.connection().clearWarnings();
            lease.connection().commit();
            return confirmed(nanos.getAsLong(), lease, witness);
        } catch (SQLException e) {
            return failed(lease, Conclusion.afterHandover(e), witness);
        }
    }

    /** Whether the driver knows of an open transaction; without one its commit does nothing and says nothing. */
    private static boolean inTransaction(Connection connection) {
        return connection instanceof BaseConnection base && base.getTransactionState() == TransactionState.OPEN;
    }

    private static Result confirmed(long endedNanos, Lease lease, Witness witness) throws SQLException {
        @Nullable String words = null;
        int seen = 0;
        for (SQLWarning warning = lease.connection().getWarnings();
                warning != null && seen < WARNINGS_MAX;
                warning = warning.getNextWarning()) {
            if (NO_TRANSACTION.equals(warning.getSQLState())) {
                lease.discard();
                return Result.unknown(endedNanos, witness, "COMMIT ended no transaction: " + warning.getMessage());
            }
            words = warning.getMessage();
            seen++;
        }
        return new Result(Outcome.ACKNOWLEDGED, endedNanos, witness, null, words);
    }

    private Result failed(Lease lease, Conclusion conclusion, @Nullable Witness witness) {
        long endedNanos = nanos.getAsLong();
        if (!conclusion.usable()) {
            lease.discard();
        }
        return Result.concluded(endedNanos, conclusion, witness);
    }

    private static void rollback(Lease lease) {
        try {
            lease.connection().rollback();
        } catch (SQLException e) {
            // The outcome is known already; a connection that cannot roll back is not used again.
            lease.discard();
        }
    }
}
