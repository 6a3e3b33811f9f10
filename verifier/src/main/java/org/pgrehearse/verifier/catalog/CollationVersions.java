package org.pgrehearse.verifier.catalog;

import java.util.List;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/** Collations whose library changed since they were made: indexes over text may be in another order than they sort. */
public final class CollationVersions {
    private static final int FIRST_WITH_DATABASE_VERSIONS = 15;

    private static final String COLLATIONS = """
            SELECT 'collation ' || quote_ident(n.nspname) || '.' || quote_ident(o.collname), o.collversion,
              coalesce(pg_collation_actual_version(o.oid), 'none')
            FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
            WHERE o.collversion <> pg_collation_actual_version(o.oid)
              AND (o.collencoding = -1
                OR o.collencoding = (SELECT encoding FROM pg_database WHERE datname = current_database()))
              AND EXISTS (SELECT FROM pg_attribute a WHERE a.attcollation = o.oid AND a.attrelid >= 16384)
            """;

    private static final String DATABASE = """
            UNION ALL SELECT 'database', datcollversion, coalesce(pg_database_collation_actual_version(oid), 'none')
            FROM pg_database
            WHERE datname = current_database() AND datcollversion <> pg_database_collation_actual_version(oid)
            """;

    private CollationVersions() {}

    /** A collation in use whose library is of another version now. */
    public record Stale(String object, String recorded, String actual) {}

    /** The stale collations that columns use, and the database's own. */
    public static List<Stale> stale(Session session, int serverMajor) throws ReadFailedException {
        return session.list(
                COLLATIONS + (serverMajor < FIRST_WITH_DATABASE_VERSIONS ? "" : DATABASE),
                row -> new Stale(row.getString(1), row.getString(2), row.getString(3)));
    }
}
