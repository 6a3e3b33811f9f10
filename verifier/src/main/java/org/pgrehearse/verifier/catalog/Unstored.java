package org.pgrehearse.verifier.catalog;

import java.util.List;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/**
 * A relation that shows rows which it does not store, so that they are not compared: a foreign table or a materialized
 * view.
 *
 * @param kind {@code foreign table} or {@code materialized view}
 */
public record Unstored(String kind, TableName name) {
    private static final String SQL = """
            SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'materialized view' END, n.nspname, c.relname
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('f', 'm') AND NOT c.relispartition AND {user relation}
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """;

    /** All of a database. */
    public static List<Unstored> read(Session session) throws ReadFailedException {
        return session.list(
                SQL.replace("{user relation}", CatalogReader.USER_RELATION),
                row -> new Unstored(row.getString(1), new TableName(row.getString(2), row.getString(3))));
    }

    /** Why its rows are not compared. */
    public String reason() {
        return kind.equals("foreign table")
                ? "Its rows are stored on another server. Verify that one."
                : "Its rows are computed from tables, which are compared. Refresh it on the target.";
    }
}
