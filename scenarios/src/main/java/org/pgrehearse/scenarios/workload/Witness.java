package org.pgrehearse.scenarios.workload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;

/**
 * What the executing server said about a write, or about where a read ran.
 *
 * @param side as pgrehearse.executed_on() says there; null when that names no side
 * @param xid transaction id there; null for a read
 * @param lsn write position there inside the transaction; null for a read
 * @param backend process id of the backend that said so; 0 when it was not asked
 */
record Witness(
        @Nullable Side side, @Nullable Long xid, @Nullable String lsn, int backend) {
    /** From a row of the ledger: executed_on, xid, lsn and backend. */
    static Witness ofWrite(ResultSet row) throws SQLException {
        requireRow(row);
        return new Witness(side(row.getString(1)), row.getLong(2), row.getString(3), row.getInt(4));
    }

    /** From a cluster_name. */
    static Witness ofRead(@Nullable String clusterName) {
        return new Witness(side(clusterName), null, null, 0);
    }

    private static @Nullable Side side(@Nullable String clusterName) {
        if (clusterName == null) {
            return null;
        }
        return switch (clusterName.toLowerCase(Locale.ROOT)) {
            case "source" -> Side.SOURCE;
            case "target" -> Side.TARGET;
            default -> null;
        };
    }

    private static void requireRow(ResultSet row) throws SQLException {
        if (!row.next()) {
            throw new SQLException("Cannot read what the ledger returned: the write left no row. Look for a rule or"
                    + " trigger on pgrehearse.ledger.");
        }
    }
}
