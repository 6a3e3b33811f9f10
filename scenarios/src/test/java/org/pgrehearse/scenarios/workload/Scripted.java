package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** A workload of one transaction that a test wrote. */
record Scripted(Script script) implements Workload, Transaction {
    /** Writes by one statement, then learns its backend. */
    static Scripted writing(String sql) {
        return new Scripted(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return backend(statement);
            }
        });
    }

    /** Claims that this backend began it. */
    static Scripted withBackend(int backend) {
        return new Scripted(connection -> backend);
    }

    /** Writes by one statement, and half of the time dies of a bug before it can commit. */
    static Scripted dyingAfter(String sql) {
        AtomicInteger runs = new AtomicInteger();
        return new Scripted(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                if (runs.incrementAndGet() % 2 == 0) {
                    throw new IllegalStateException("planted");
                }
                return backend(statement);
            }
        });
    }

    /** Dies of a bug. */
    static Scripted dying() {
        return new Scripted(connection -> {
            throw new IllegalStateException("planted");
        });
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Transaction choose(RandomGenerator random) {
        return this;
    }

    @Override
    public Executor run(Connection connection, long token) throws SQLException {
        return Executor.ofWrite(script.run(connection));
    }

    private static int backend(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The statements; answers the backend that ran them. */
    interface Script {
        int run(Connection connection) throws SQLException;
    }
}
