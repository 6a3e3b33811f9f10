package org.pgrehearse.verifier.snapshot;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes one value of the current row. */
@FunctionalInterface
public interface RowReader<T> {
    /** Reads the row that the result set stands on; does not move it. */
    T read(ResultSet row) throws SQLException;
}
