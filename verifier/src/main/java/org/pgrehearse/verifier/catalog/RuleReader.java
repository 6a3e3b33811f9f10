package org.pgrehearse.verifier.catalog;

import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/**
 * Reads what guards and surrounds the tables' rows: indexes, constraints, triggers, policies, privileges. An index that
 * belongs to a constraint is read as the constraint.
 */
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
            UNION ALL
            SELECT t.tgrelid, 'trigger', t.tgname,
              replace(replace(pg_get_triggerdef(t.oid), ' TRIGGER ' || quote_ident(t.tgname), ' TRIGGER'),
                ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname), '')
              || CASE t.tgenabled WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (on replicas only)'
                WHEN 'A' THEN ' (also on replicas)' ELSE '' END, true
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT t.tgisinternal AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT o.polrelid, 'policy', o.polname, CASE WHEN o.polpermissive THEN 'permissive' ELSE 'restrictive' END
              || ' for ' || o.polcmd::text || ' to '
              || coalesce((SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)
                FROM pg_roles r WHERE r.oid = ANY(o.polroles)), 'public')
              || coalesce(' using ' || pg_get_expr(o.polqual, o.polrelid), '')
              || coalesce(' with check ' || pg_get_expr(o.polwithcheck, o.polrelid), ''), true
            FROM pg_policy o
            UNION ALL
            SELECT c.oid, 'row level security', '', CASE WHEN c.relrowsecurity THEN 'on' ELSE 'off' END
              || CASE WHEN c.relforcerowsecurity THEN ', forced' ELSE '' END, true
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT c.oid, 'replica identity', '', CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing'
              WHEN 'f' THEN 'full' ELSE 'index' END, true
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT c.oid, 'persistence', '', CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END, true
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT c.oid, 'privileges', '', 'owner ' || c.relowner::regrole || {acl}
              || coalesce((SELECT string_agg(', column ' || quote_ident(a.attname) || {column acl}, ''
                  ORDER BY a.attname)
                FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped), ''), true
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY 1, 2, 4, 3
            """;

    /** What roles other than the owner may do. MAINTAIN came with version 17, and owners have it without asking. */
    static String acl(String privileges, String owner) {
        String sql = """
                 || coalesce((SELECT string_agg(', ' || g.who || ' ' || g.what, '' ORDER BY g.who)
                  FROM (SELECT CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END AS who,
                      string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, '/'
                        ORDER BY e.privilege_type) AS what
                    FROM aclexplode(PRIVILEGES) e
                    WHERE e.grantee <> OWNER AND e.privilege_type <> 'MAINTAIN' GROUP BY e.grantee) g), '')
""";
        return sql.replace("PRIVILEGES", privileges).replace("OWNER", owner);
    }

    private RuleReader() {}

    static Map<Long, List<Rule>> read(Session session) throws ReadFailedException {
        return CatalogReader.grouped(
                session,
                RULES.replace("|| {acl}", acl("c.relacl", "c.relowner"))
                        .replace("|| {column acl}", acl("a.attacl", "c.relowner")),
                row -> new Rule(row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5)));
    }
}
