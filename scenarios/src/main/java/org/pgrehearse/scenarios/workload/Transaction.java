package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** One transaction of a workload, with its keys already chosen. */
public interface Transaction {
    /** Its kind, such as {@code place-order}. */
    String name();

    /** Whether it writes; if so, the ledger is written and committed with it. */
    boolean writes();

    /** Whether it waits while the application pauses its writes: it may write, with the ledger or without. */
    default boolean held() {
        return writes();
    }

    /** How far it is isolated when it writes; empty where the load says it. */
    default Optional<Isolation> isolation() {
        return Optional.empty();
    }

    /**
     * Runs its statements on a connection that is inside a transaction if it writes, and autocommits if it does not. It
     * neither commits nor rolls back.
     *
     * @param token of the operation, to leave in the data where a trace is useful
     * @return who executed it
     * @throws SQLException when a statement failed; the transaction is then undone
     */
    Executor run(Connection connection, long token) throws SQLException;

    /**
     * Who executed a transaction, as a server said in one of its answers.
     *
     * @param clusterName for a transaction that only reads; a write learns it from the ledger
     * @param backend the backend's process id, from {@code pg_backend_pid()}, for a transaction that writes
     * @param keys of rows that it deleted and inserted, where they are recorded
     */
    record Executor(String clusterName, int backend, RowKeys keys) {
        /** Of a transaction that only read. */
        public static Executor ofRead(String clusterName) {
            return new Executor(clusterName, 0, RowKeys.NONE);
        }

        /** Of a transaction that wrote. */
        public static Executor ofWrite(int backend) {
            return new Executor("", backend, RowKeys.NONE);
        }

        /** The same, with keys of rows that were deleted and inserted. */
        Executor with(RowKeys recorded) {
            return new Executor(clusterName, backend, recorded);
        }
    }
}
