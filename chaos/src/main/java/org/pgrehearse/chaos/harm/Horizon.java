package org.pgrehearse.chaos.harm;

import java.sql.Connection;
import java.sql.SQLException;

/** How far a server's transactions have gone. Asking takes none. */
final class Horizon {
    /** The first transaction id after the last that ended; its name in all versions from 12 on. */
    static final String NOW = "SELECT txid_snapshot_xmax(txid_current_snapshot())";

    private Horizon() {}

    static long now(Connection connection) throws SQLException {
        return Long.parseLong(Sql.rows(connection, NOW).getFirst().getFirst());
    }
}
