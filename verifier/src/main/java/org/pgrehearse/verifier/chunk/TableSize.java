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
    private static final String PARTS = """
            WITH RECURSIVE part(oid) AS (
              SELECT {oid}::oid
              UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN part ON i.inhparent = part.oid WHERE {partitioned})
            """;

    private static final String SQL = """
            SELECT coalesce(max(pg_relation_size(c.oid)), 0) / current_setting('block_size')::int8,
              coalesce(sum(pg_relation_size(c.oid)), 0)::int8, coalesce(sum(greatest(c.reltuples, 0)), 0)::int8,
              coalesce(bool_and(c.relkind = 'r' AND coalesce(m.amname, 'heap') = 'heap'), true)
            FROM part JOIN pg_class c ON c.oid = part.oid LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relkind <> 'p'
            """;

    /** The row of pg_class is the snapshot's, the file is today's. */
    private static final String REWRITTEN = """
            SELECT coalesce(bool_or(c.relfilenode <> pg_relation_filenode(c.oid)), false)
            FROM part JOIN pg_class c ON c.oid = part.oid WHERE c.relkind = 'r'
            """;

    private static final int ROW_BYTES_GUESS = 200;

    /** Reads it. */
    public static TableSize of(Session session, Table table) throws ReadFailedException {
        return session.first(
                        parts(table) + SQL,
                        row -> new TableSize(row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4)))
                .orElseThrow();
    }

    /**
     * Whether the table was truncated or rewritten after the session's snapshot was taken. PostgreSQL shows such a
     * table as empty, or as it is now, even to older snapshots.
     */
    public static boolean rewritten(Session session, Table table) throws ReadFailedException {
        return session.first(parts(table) + REWRITTEN, row -> row.getBoolean(1)).orElse(true);
    }

    private static String parts(Table table) {
        return PARTS.replace("{oid}", Long.toString(table.oid()))
                .replace("{partitioned}", Boolean.toString(table.partitioned()));
    }

    /** Rows to reckon with. */
    public long rowsGuess() {
        return Math.max(rows, bytes / ROW_BYTES_GUESS);
    }
}
