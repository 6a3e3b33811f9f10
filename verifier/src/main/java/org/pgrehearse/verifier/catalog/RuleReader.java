package org.pgrehearse.verifier.catalog;

import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/** Reads indexes and constraints of all tables. An index that belongs to a constraint is read as the constraint. */
final class RuleReader {
    private static final String RULES = """
            SELECT i.indrelid, CASE WHEN i.indisunique THEN 'unique index' ELSE 'index' END, x.relname,
              regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', ''), i.indisvalid AND i.indisready
            FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND NOT EXISTS (SELECT FROM pg_constraint k
                              WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
            UNION ALL
            SELECT k.conrelid, CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint'
                WHEN 'x' THEN 'exclusion constraint' WHEN 'f' THEN 'foreign key' ELSE 'check constraint' END,
              k.conname, replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''),
              k.convalidated AND coalesce((SELECT i.indisvalid FROM pg_index i
                WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')), true)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND k.contype IN ('p', 'u', 'x', 'f', 'c')
            ORDER BY 1, 2, 4, 3
            """;

    private RuleReader() {}

    static Map<Long, List<Rule>> read(Session session) throws ReadFailedException {
        return CatalogReader.grouped(
                session,
                RULES,
                row -> new Rule(row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5)));
    }
}
