package org.pgrehearse.verifier.preflight;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.endpoint.SqlProblem;
import org.pgrehearse.verifier.preflight.Check.Answer;
import org.pgrehearse.verifier.preflight.Check.Question;

/** One read-only transaction on one side, in which a question that fails leaves the others as they are. */
final class Reader implements AutoCloseable {
    private static final int ANSWERS_MAX = 10_000;
    private static final int NETWORK_TIMEOUT_MILLIS = 90_000;
    private static final int VERSIONS_PER_MAJOR = 10_000;

    /** Names are given with their schema, and no question waits for long. */
    private static final String PINNED = """
            SET LOCAL search_path = pg_catalog;
            SET LOCAL statement_timeout = '30s';
            SET LOCAL lock_timeout = '2s';
            SET LOCAL row_security = off;
            SET LOCAL standard_conforming_strings = on;
            SAVEPOINT pgrehearse_question
            """;

    private final Side side;
    private final Connection connection;
    private final String version;
    private final int major;
    private final String user;
    private final Duration longTransaction;

    private Reader(Side side, Connection connection, List<Answer> about, Duration longTransaction) {
        this.side = side;
        this.connection = connection;
        this.version = about.getFirst().object();
        this.major = Integer.parseInt(about.getFirst().detail()) / VERSIONS_PER_MAJOR;
        this.user = about.getFirst().fix();
        this.longTransaction = longTransaction;
    }

    static Reader open(Side side, ConnectionSource source, Duration longTransaction) throws CannotConnectException {
        try {
            Connection connection = source.open();
            try {
                connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                List<Answer> about = new ArrayList<>();
                try (Statement statement = connection.createStatement()) {
                    statement.execute(PINNED);
                    read(
                            statement,
                            "SELECT current_setting('server_version'), current_setting('server_version_num'),"
                                    + " quote_ident(current_user)",
                            about::add);
                }
                return new Reader(side, connection, about, longTransaction);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new CannotConnectException(side, source.displayUrl(), e);
        }
    }

    Side side() {
        return side;
    }

    String version() {
        return version;
    }

    int major() {
        return major;
    }

    /** What the role cannot see of this question, as sentences. */
    List<String> doubts(Question question) throws SQLException {
        List<String> reasons = new ArrayList<>();
        String doubt = question.doubt();
        if (doubt != null) {
            query(doubt, answer -> reasons.add(answer.object()));
        }
        return reasons;
    }

    /** Gives the answers; a statement of many that fails goes to {@code unable}, and the others go on. */
    void answers(Question question, Consumer<Answer> found, Consumer<String> unable) throws SQLException {
        if (!question.eachStatement()) {
            query(question.sql(), found);
            return;
        }
        List<Answer> statements = new ArrayList<>();
        query(question.sql(), statements::add);
        for (Answer statement : statements) {
            try {
                query(statement.object(), found);
            } catch (SQLException e) {
                if (SqlProblem.of(e).connectionLost()) {
                    throw e;
                }
                unable.accept(statement.detail() + ": " + reason(e));
            }
        }
    }

    /** Why a question has no answer, and what helps. */
    String reason(SQLException exception) {
        SqlProblem problem = SqlProblem.of(exception);
        String next = problem.state().equals("42501")
                ? "GRANT pg_monitor, SELECT on what it names, or (for a function or view of the server) EXECUTE on it"
                        + " to " + user + ", or run as a superuser."
                : problem.nextStep();
        return problem.fact() + ". " + next;
    }

    private void query(String sql, Consumer<Answer> found) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            read(statement, sql.replace("%OLD%", longTransaction.toMillis() + " milliseconds"), found);
        } catch (SQLException e) {
            recover(e);
            throw e;
        }
    }

    private void recover(SQLException cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK TO SAVEPOINT pgrehearse_question");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void read(Statement statement, String sql, Consumer<Answer> found) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            int count = 0;
            while (rows.next()) {
                if (++count > ANSWERS_MAX) {
                    throw new SQLException("more than " + ANSWERS_MAX + " answers", "54000");
                }
                found.accept(new Answer(text(rows, 1, columns), text(rows, 2, columns), text(rows, 3, columns)));
            }
        }
    }

    private static String text(ResultSet rows, int column, int columns) throws SQLException {
        String value = column > columns ? "" : rows.getString(column);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            abort();
        }
    }

    private void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // Out of reach: the server ends the transaction when it notices.
            return;
        }
    }
}
