package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Bucardo's own notes on the source: a row in {@code bucardo.delta_*} for each change of a key, and one in
 * {@code bucardo.track_*} for each transaction time that was carried. Two transactions of the same microsecond look
 * like one to Bucardo, and so they do here; only a comparison of the data finds that.
 */
final class BucardoDeltas {
    private BucardoDeltas() {}

    /** The tables that have triggers, as Bucardo names them. */
    static List<String> tables(Server source) throws SQLException {
        try (Connection admin = source.admin()) {
            return Sql.values(admin, "SELECT tablename FROM bucardo.bucardo_delta_names ORDER BY 1");
        }
    }

    /** How many changes of all tables are noted and not carried. */
    static long left(Server source) throws SQLException {
        long left = 0;
        try (Connection admin = source.admin()) {
            List<String> counts = Sql.values(
                    admin,
                    "SELECT format('SELECT count(*) FROM bucardo.%I d WHERE NOT EXISTS (SELECT FROM bucardo.%I t"
                            + " WHERE t.txntime = d.txntime)', deltaname, trackname)"
                            + " FROM bucardo.bucardo_delta_names");
            for (String count : counts) {
                left += Long.parseLong(Sql.value(admin, count).orElseThrow());
            }
        }
        return left;
    }
}
