package org.pgrehearse.verifier.snapshot;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.pgrehearse.verifier.endpoint.Side;

/** The rows of a running query, fetched a few at a time, so that memory does not grow with them. */
public final class RowStream<T> implements AutoCloseable {
    private static final int ROWS_PER_FETCH = 5_000;

    private final Side side;
    private final Statement statement;
    private final ResultSet result;
    private final RowReader<T> reader;

    private RowStream(Side side, Statement statement, ResultSet result, RowReader<T> reader) {
        this.side = side;
        this.statement = statement;
        this.result = result;
        this.reader = reader;
    }

    static <T> RowStream<T> open(Side side, Statement statement, String sql, RowReader<T> reader) throws SQLException {
        try {
            statement.setFetchSize(ROWS_PER_FETCH);
            return new RowStream<>(side, statement, statement.executeQuery(sql), reader);
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** The next row; empty when there are no more. */
    public Optional<T> next() throws ReadFailedException {
        try {
            return result.next() ? Optional.of(reader.read(result)) : Optional.empty();
        } catch (SQLException e) {
            throw new ReadFailedException(side, e);
        }
    }

    @Override
    public void close() throws ReadFailedException {
        try (statement) {
            result.close();
        } catch (SQLException e) {
            throw new ReadFailedException(side, e);
        }
    }
}
