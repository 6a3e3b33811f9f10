package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.ids.IdMapping;

/** One recorded transaction, with its pauses between statements divided by the speed. */
record ReplayTransaction(ReplaySessions.Group group, double speed, Fidelity fidelity, IdMapping ids)
        implements Transaction {
    private static final Pattern MODES =
            Pattern.compile("(?is)\\s*(?:begin|start\\s+transaction)(?:\\s+(?:work|transaction))?\\s*(.*?)\\s*;?\\s*");
    private static final String WHO = "SELECT current_setting('cluster_name'), pg_backend_pid()";

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public boolean writes() {
        return group.kind() == ReplaySessions.Kind.PROVEN;
    }

    @Override
    public boolean held() {
        return group.kind() != ReplaySessions.Kind.READS;
    }

    @Override
    public Executor run(Connection connection, long token) throws SQLException {
        List<Recorded> statements = group.statements();
        boolean block = writes() && statements.size() > 1;
        if (block) {
            modes(connection, sql(statements.getFirst()));
        }
        Executor executor = who(connection);
        @Nullable SQLException failure = null;
        for (int i = 0; i < statements.size(); i++) {
            if (i > 0) {
                think(statements.get(i - 1), statements.get(i));
            }
            if (block && (i == 0 || i == statements.size() - 1)) {
                fidelity.executed(""); // BEGIN and COMMIT are sent by whoever writes the ledger
                continue;
            }
            failure = execute(connection, statements.get(i), statements.size() - i - 1);
            if (failure != null && (writes() || connection.isClosed())) {
                throw failure;
            }
        }
        if (failure != null && statements.size() == 1) {
            throw failure;
        }
        return executor;
    }

    private static void modes(Connection connection, String begin) throws SQLException {
        Matcher modes = MODES.matcher(begin);
        if (modes.matches() && !modes.group(1).isBlank()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION " + modes.group(1));
            }
        }
    }

    private Executor who(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(WHO)) {
            if (!row.next()) {
                throw new SQLException("Cannot ask the server who it is: it returned no row.");
            }
            return writes() ? Executor.ofWrite(row.getInt(2)) : Executor.ofRead(row.getString(1));
        }
    }

    /** Waits as long as the recorded session did between two statements. */
    private void think(Recorded before, Recorded next) throws SQLException {
        long micros = next.atMicros() - before.atMicros() - Math.max(0, before.durationMicros());
        try {
            TimeUnit.MICROSECONDS.sleep(Math.max(0, (long) (micros / speed)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted between two statements: the replay ended.", e);
        }
    }

    private @Nullable SQLException execute(Connection connection, Recorded recorded, int after) {
        try {
            new ReplayStatement(recorded, speed, fidelity, ids).execute(connection);
            fidelity.executed(recorded.sqlState());
            return null;
        } catch (SQLException e) {
            fidelity.failed(recorded.sqlState());
            if (writes() && after > 0) {
                fidelity.skipped("after a failure in their transaction", after);
            }
            return e;
        } finally {
            ids.ended(recorded);
        }
    }

    private static String sql(Recorded recorded) {
        String sql = recorded.sql();
        return sql == null ? "" : sql;
    }
}
