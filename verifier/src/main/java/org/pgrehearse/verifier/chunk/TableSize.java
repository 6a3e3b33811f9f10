package org.pgrehearse.verifier.chunk;

import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/**
 * How big a table is now.
 *
 * @param pages of its biggest partition, or of itself
 * @param bytes of all of it, without what is stored out of line
 * @param rows as the server last estimated them; may be far off
 * @param heap whether all of it is stored in heaps, so that rows have an address
 */
public record TableSize(long pages, long bytes, long rows, boolean heap) {
    private static final String SQL = """
            WITH RECURSIVE part(oid) AS (
              SELECT {oid}::oid
              UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN part ON i.inhparent = part.oid WHERE {partitioned})
            SELECT coalesce(max(pg_relation_size(c.oid)), 0) / current_setting('block_size')::int8,
              coalesce(sum(pg_relation_size(c.oid)), 0)::int8, coalesce(sum(greatest(c.reltuples, 0)), 0)::int8,
              coalesce(bool_and(c.relkind = 'r' AND coalesce(m.amname, 'heap') = 'heap'), true)
            FROM part JOIN pg_class c ON c.oid = part.oid LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relkind <> 'p'
            """;

    private static final int ROW_BYTES_GUESS = 200;

    /** Reads it. */
    public static TableSize of(Session session, Table table) throws ReadFailedException {
        return session.first(
                        SQL.replace("{oid}", Long.toString(table.oid()))
                                .replace("{partitioned}", Boolean.toString(table.partitioned())),
                        row -> new TableSize(row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4)))
                .orElseThrow();
    }

    /** Rows to reckon with. */
    public long rowsGuess() {
        return Math.max(rows, bytes / ROW_BYTES_GUESS);
    }
}
