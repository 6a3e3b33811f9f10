package org.pgrehearse.chaos.harm;

import java.sql.Connection;
import java.sql.SQLException;

/** How far a server's transactions have gone. Asking takes none. */
final class Horizon {
    // These names are known to all versions from 12 on.
    private static final String NOW = "SELECT txid_snapshot_xmax(txid_current_snapshot())";
    private static final String OF_THIS =
            "SELECT greatest(txid_current() + 1, txid_snapshot_xmax(txid_current_snapshot()))";

    private Horizon() {}

    /** The first transaction id after the last that ended. */
    static long now(Connection connection) throws SQLException {
        return Long.parseLong(Sql.rows(connection, NOW).getFirst().getFirst());
    }

    /** The same inside a transaction that takes an id of its own: what ends later than this one counts. */
    static long ofThis(Connection connection) throws SQLException {
        return Long.parseLong(Sql.rows(connection, OF_THIS).getFirst().getFirst());
    }
}
