package org.pgrehearse.verifier.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.MurmurHash3;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/**
 * Reads the objects of a database that no table owns, outside system schemas and extensions. Definitions are put
 * together from the catalogue where versions write them differently. Bodies of functions are shown as fingerprints.
 */
public final class ObjectReader {
    private static final int FINGERPRINT_BYTES = 8;

    /** For each kind: the name, the definition, its outline, and a body to be fingerprinted. */
    private static final Map<String, String> QUERIES = Map.ofEntries(
            Map.entry("database", """
                    SELECT '', 'encoding ' || pg_encoding_to_char(o.encoding) || ', collate ' || o.datcollate
                      || ', ctype ' || o.datctype, NULL, NULL FROM pg_database o WHERE o.datname = current_database()
                    """),
            Map.entry("schema", """
                    SELECT quote_ident(o.nspname), 'owner ' || o.nspowner::regrole {acl:o.nspacl:o.nspowner}, NULL, NULL
                    FROM pg_namespace o WHERE o.nspname <> 'public' AND {user:o.nspname:pg_namespace}
                    """),
            Map.entry("extension", "SELECT o.extname, 'version ' || o.extversion, NULL, NULL FROM pg_extension o"),
            // What users put into tables of extensions: the extension itself says which rows are theirs.
            Map.entry(DatabaseObject.EXTENSION_DATA, """
                    SELECT r.relation, r.rows, NULL, NULL
                    FROM (SELECT o.oid::regclass AS relation, substring(query_to_xml(format(
                            'SELECT count(*) || '' rows, hash '' || md5(string_agg(t::text, chr(10)'
                            ' ORDER BY t::text COLLATE "C")) AS said FROM %s t %s', o.oid::regclass, u.condition),
                            false, true, '')::text FROM '<said>(.*)</said>') AS rows
                          FROM pg_extension e, unnest(e.extconfig, e.extcondition) AS u(relation, condition), pg_class o
                          WHERE o.oid = u.relation AND o.relkind IN ('r', 'p') OFFSET 0) r
                    WHERE r.rows IS NOT NULL
                    """),
            Map.entry("enum", """
                    SELECT o.oid::regtype, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                      FROM pg_enum e WHERE e.enumtypid = o.oid), NULL, NULL
                    FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
                    WHERE o.typtype = 'e' AND {user:n.nspname:pg_type}
                    """),
            Map.entry("domain", """
                    SELECT o.oid::regtype, format_type(o.typbasetype, o.typtypmod)
                      || CASE WHEN o.typnotnull THEN ' NOT NULL' ELSE '' END
                      || coalesce(' DEFAULT ' || o.typdefault, '')
                      || coalesce((SELECT string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                                   FROM pg_constraint k WHERE k.contypid = o.oid AND k.contype = 'c'), ''), NULL, NULL
                    FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
                    WHERE o.typtype = 'd' AND {user:n.nspname:pg_type}
                    """),
            Map.entry("type", """
                    SELECT o.oid::regtype, {attributes:o.typrelid}, NULL, NULL
                    FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace JOIN pg_class c ON c.oid = o.typrelid
                    WHERE o.typtype = 'c' AND c.relkind = 'c' AND {user:n.nspname:pg_type}
                    """),
            Map.entry("range", """
                    SELECT o.oid::regtype, 'of ' || r.rngsubtype::regtype, NULL, NULL
                    FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace JOIN pg_range r ON r.rngtypid = o.oid
                    WHERE o.typtype = 'r' AND {user:n.nspname:pg_type}
                    """),
            Map.entry("view", """
                    SELECT o.oid::regclass, CASE o.relkind WHEN 'm' THEN 'materialized ' ELSE '' END
                      || coalesce('WITH (' || array_to_string(o.reloptions, ', ') || ') ', '')
                      || 'AS ' || regexp_replace(pg_get_viewdef(o.oid), '\\s+', ' ', 'g'),
                      o.relkind::text || {attributes:o.oid} || coalesce((SELECT string_agg(DISTINCT i.identity, ', '
                        ORDER BY i.identity) FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass
                          AND d.objid = w.oid AND d.refobjid <> o.oid,
                        pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) i
                        WHERE w.ev_class = o.oid), ''), NULL
                    FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
                    WHERE o.relkind IN ('v', 'm') AND {user:n.nspname:pg_class}
                    """),
            Map.entry("rule", """
                    SELECT quote_ident(o.rulename) || ' ON ' || o.ev_class::regclass,
                      regexp_replace(pg_get_ruledef(o.oid), '\\s+', ' ', 'g'),
                      o.ev_type::text || o.is_instead::text || o.ev_enabled::text, NULL
                    FROM pg_rewrite o JOIN pg_class c ON c.oid = o.ev_class
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE o.rulename <> '_RETURN' AND {user:n.nspname:pg_rewrite}
                    """),
            Map.entry("statistics", """
                    SELECT quote_ident(n.nspname) || '.' || quote_ident(o.stxname),
                      regexp_replace(pg_get_statisticsobjdef(o.oid), '^.*? ON ', 'ON '), NULL, NULL
                    FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace
                    WHERE {user:n.nspname:pg_statistic_ext}
                    """),
            Map.entry("event trigger", """
                    SELECT quote_ident(o.evtname), 'ON ' || o.evtevent || coalesce(' ' || o.evttags::text, '')
                      || ' EXECUTE ' || o.evtfoid::regprocedure || ' (' || o.evtenabled::text || ')', NULL, NULL
                    FROM pg_event_trigger o WHERE {user:'':pg_event_trigger}
                    """),
            Map.entry("function", """
                    SELECT o.oid::regprocedure, CASE o.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
                        WHEN 'w' THEN 'window function' ELSE 'function' END
                      || coalesce(' RETURNS ' || pg_get_function_result(o.oid), '') || ' LANGUAGE ' || l.lanname
                      || CASE o.provolatile WHEN 'i' THEN ' IMMUTABLE' WHEN 's' THEN ' STABLE' ELSE '' END
                      || CASE WHEN o.proisstrict THEN ' STRICT' ELSE '' END
                      || CASE WHEN o.prosecdef THEN ' SECURITY DEFINER' ELSE '' END
                      || CASE o.proparallel WHEN 's' THEN ' PARALLEL SAFE' WHEN 'r' THEN ' PARALLEL RESTRICTED'
                        ELSE '' END
                      || coalesce(' SET ' || array_to_string(o.proconfig, ', '), '')
                      || coalesce(' DEFAULTS ' || pg_get_expr(o.proargdefaults, 0), '')
                      || coalesce((SELECT ' BY ' || a.aggtransfn::regprocedure || ', '
                          || format_type(a.aggtranstype, NULL)
                          || coalesce(', ' || a.agginitval, '') FROM pg_aggregate a WHERE a.aggfnoid = o.oid), '')
                      || ', owner ' || o.proowner::regrole
                      {acl:coalesce(o.proacl, acldefault('f', o.proowner)):o.proowner},
                      NULL, CASE WHEN o.prokind = 'a' THEN NULL ELSE {body} END
                    FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace JOIN pg_language l ON l.oid = o.prolang
                    WHERE {user:n.nspname:pg_proc}
                      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = o.oid
                                      AND e.deptype = 'i')
                    """));

    private static final int FIRST_WITH_SQL_BODIES = 14;

    private ObjectReader() {}

    /** All objects, in no order. Each kind is read by one statement. */
    public static List<DatabaseObject> read(Session session, int serverMajor) throws ReadFailedException {
        List<DatabaseObject> objects = new ArrayList<>();
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
            String kind = query.getKey();
            objects.addAll(session.list(expanded(query.getValue(), serverMajor), row -> {
                String body = row.getString(4);
                String definition = row.getString(2) + (body == null ? "" : ", body " + fingerprint(body));
                String outline = row.getString(3);
                return new DatabaseObject(kind, row.getString(1), definition, outline == null ? definition : outline);
            }));
        }
        return objects;
    }

    private static String expanded(String sql, int serverMajor) {
        return sql.replaceAll("\\{user:(.*?):(.*?)}", """
                        $1 NOT IN ('pg_catalog', 'information_schema') AND $1 !~ '^pg_(toast|temp_)'
                        AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '$2'::regclass AND x.objid = o.oid
                                        AND x.deptype = 'e')""")
                .replaceAll("\\{acl:(.*?):(.*?)}", RuleReader.acl("$1", "$2"))
                .replaceAll("\\{attributes:(.*?)}", """
                        coalesce((SELECT string_agg(quote_ident(t.attname) || ' ' || format_type(t.atttypid,
                          t.atttypmod), ', ' ORDER BY t.attnum) FROM pg_attribute t
                          WHERE t.attrelid = $1 AND t.attnum > 0 AND NOT t.attisdropped), '')""")
                .replace(
                        "{body}",
                        serverMajor < FIRST_WITH_SQL_BODIES
                                ? "o.prosrc"
                                : "coalesce(pg_get_function_sqlbody(o.oid), o.prosrc)");
    }

    /** Enough of a hash to tell two bodies apart; they are not shown, for they are long. */
    private static String fingerprint(String body) {
        byte[] text = body.getBytes(UTF_8);
        return HexFormat.of().toHexDigits(MurmurHash3.hash128x64(text, 0, text.length, 0)[0], 2 * FINGERPRINT_BYTES);
    }
}
