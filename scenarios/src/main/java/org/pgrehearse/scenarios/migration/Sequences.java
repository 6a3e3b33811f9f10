package org.pgrehearse.scenarios.migration;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Moves the target's sequences ahead of the source's. Logical replication does not carry them. */
final class Sequences {
    private static final String USED =
            "SELECT n.nspname, c.relname, s.last_value, q.seqincrement, q.seqcache, q.seqmin,"
                    + " q.seqmax FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname"
                    + " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename AND c.relkind = 'S'"
                    + " JOIN pg_sequence q ON q.seqrelid = c.oid WHERE s.last_value IS NOT NULL ORDER BY 1, 2";

    private Sequences() {}

    /**
     * Sets each sequence of the target to the source's last value plus a margin.
     *
     * @param margin how many further values to leave unused, on top of what sessions may have cached
     * @return how many sequences were moved
     */
    static int moveAhead(Connection source, Connection target, long margin) throws SQLException {
        int moved = 0;
        try (Statement query = source.createStatement();
                ResultSet used = query.executeQuery(USED);
                PreparedStatement set = target.prepareStatement("SELECT setval(?::regclass, ?, true)")) {
            while (used.next()) {
                set.setString(1, Sql.identifier(used.getString(1)) + "." + Sql.identifier(used.getString(2)));
                set.setLong(2, ahead(used, margin));
                set.executeQuery().close();
                moved++;
            }
        }
        return moved;
    }

    private static long ahead(ResultSet used, long margin) throws SQLException {
        long values = Math.addExact(margin, used.getLong("seqcache"));
        BigInteger wanted = BigInteger.valueOf(used.getLong("last_value"))
                .add(BigInteger.valueOf(used.getLong("seqincrement")).multiply(BigInteger.valueOf(values)));
        return wanted.max(BigInteger.valueOf(used.getLong("seqmin")))
                .min(BigInteger.valueOf(used.getLong("seqmax")))
                .longValueExact();
    }
}
