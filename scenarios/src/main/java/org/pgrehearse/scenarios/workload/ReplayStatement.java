package org.pgrehearse.scenarios.workload;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Copies;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.ids.IdMapping;
import org.pgrehearse.scenarios.script.SqlScanner;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * One recorded statement: with the values that the replay generated, with the data of a COPY, and canceled after the
 * recorded time, divided by the speed, when it was canceled then.
 */
record ReplayStatement(Recorded recorded, double speed, Fidelity fidelity, IdMapping ids) {
    private static final Pattern PLACE = Pattern.compile("\\$(\\d{1,5})");
    private static final String CANCELED = "57014";
    private static final Duration CANCEL_WAIT_MAX = Duration.ofSeconds(10);

    /** Executes it. A failure of the server is thrown as it is. */
    void execute(Connection connection) throws SQLException {
        IdMapping.Mapped mapped;
        try {
            mapped = ids.map(recorded);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted before a statement: the replay ended.", e);
        }
        fidelity.mapped(mapped);
        String copy = mapped.copy();
        if (copy != null && Copies.fromClient(mapped.sql())) {
            copyIn(connection, mapped.sql(), copy);
        } else if (Copies.toClient(mapped.sql())) {
            copyOut(connection, mapped.sql());
        } else if (mapped.parameters().isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                run(statement, () -> statement.execute(mapped.sql()));
            }
        } else {
            Bound bound = Bound.of(mapped.sql(), mapped.parameters());
            try (PreparedStatement statement = connection.prepareStatement(bound.sql())) {
                for (int i = 0; i < bound.values().size(); i++) {
                    statement.setObject(i + 1, bound.values().get(i), Types.OTHER);
                }
                run(statement, statement::execute);
            }
        }
    }

    private void run(Statement statement, Execution execution) throws SQLException {
        @Nullable Thread canceler = null;
        if (CANCELED.equals(recorded.sqlState()) && recorded.durationMicros() >= 0) {
            canceler = Thread.ofVirtual().name("pgrehearse-replay-cancel").start(() -> cancel(statement));
        }
        try {
            execution.run();
            ResultSet rows = statement.getResultSet();
            if (rows != null) {
                ids.answered(recorded, rows);
            }
        } finally {
            if (canceler != null) {
                end(canceler);
            }
        }
    }

    /** Sends nothing when the statement has ended already. */
    private void cancel(Statement statement) {
        try {
            TimeUnit.MICROSECONDS.sleep((long) (recorded.durationMicros() / speed));
            statement.cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            fidelity.skipped("a cancel that did not reach the server", 1);
        }
    }

    private static void end(Thread canceler) throws SQLException {
        canceler.interrupt();
        try {
            if (!canceler.join(CANCEL_WAIT_MAX)) {
                throw new SQLException("Cannot go on: a cancel of the statement before is still under way.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted after a statement: the replay ended.", e);
        }
    }

    /** A COPY that failed in the recording is given up after its data when its client did that. */
    private void copyIn(Connection connection, String sql, String data) throws SQLException {
        byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
        CopyIn copy = manager(connection).copyIn(sql);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
            if (!CANCELED.equals(recorded.sqlState())) {
                copy.endCopy();
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        if (CANCELED.equals(recorded.sqlState())) {
            throw new SQLException("The COPY was given up, as it was recorded.", CANCELED);
        }
    }

    private static void copyOut(Connection connection, String sql) throws SQLException {
        try {
            manager(connection).copyOut(sql, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new SQLException("Cannot read a COPY: " + e.getMessage(), e);
        }
    }

    private static CopyManager manager(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    /** Something that a statement does. */
    private interface Execution {
        boolean run() throws SQLException;
    }

    /** A statement with JDBC's places for its parameters, and the value of each place. */
    record Bound(String sql, List<@Nullable String> values) {
        static Bound of(String sql, List<@Nullable String> parameters) {
            StringBuilder text = new StringBuilder();
            List<@Nullable String> values = new ArrayList<>();
            Matcher place = PLACE.matcher(sql);
            int at = 0;
            while (at < sql.length()) {
                int end = SqlScanner.skip(sql, at);
                if (end > at) {
                    text.append(sql, at, end);
                    at = end;
                } else if (sql.charAt(at) == '$'
                        && place.region(at, sql.length()).lookingAt()) {
                    text.append('?');
                    values.add(parameters.get(Integer.parseInt(place.group(1)) - 1));
                    at = place.end();
                } else {
                    text.append(sql.charAt(at) == '?' ? "??" : String.valueOf(sql.charAt(at)));
                    at++;
                }
            }
            return new Bound(text.toString(), values);
        }
    }
}
