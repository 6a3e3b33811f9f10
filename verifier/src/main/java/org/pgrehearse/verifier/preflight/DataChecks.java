package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Checks.BOTH;
import static org.pgrehearse.verifier.preflight.Checks.EVERY;
import static org.pgrehearse.verifier.preflight.Checks.error;
import static org.pgrehearse.verifier.preflight.Checks.question;
import static org.pgrehearse.verifier.preflight.Checks.sql;
import static org.pgrehearse.verifier.preflight.Checks.warning;

import java.util.List;
import org.pgrehearse.verifier.preflight.Check.Question;

/** What the data itself hides. A largest value is read only where an index has it at its end. */
final class DataChecks {
    private static final int FIRST_WITH_DATABASE_VERSIONS = 15;

    /** Columns {@code a} of tables {@code c} that take values from sequences {@code s}, owned or by default. */
    private static final String FED = """
            (SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid::int AS number FROM pg_depend d
              WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
            UNION SELECT d.refobjid, f.adrelid, f.adnum::int FROM pg_attrdef f JOIN pg_depend d
              ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass) f
            JOIN pg_class s ON s.oid = f.sequence AND s.relkind = 'S'
            JOIN pg_sequence q ON q.seqrelid = s.oid AND NOT q.seqcycle
            JOIN pg_class c ON c.oid = f.relation AND NOT c.relispartition
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.number
              AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)\
            """;

    private static final String INDEXED = """
            EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
              WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL
                AND m.amname = 'btree')\
            """;

    private static final String READABLE =
            "(has_table_privilege(s.oid, 'SELECT') AND has_column_privilege(c.oid, a.attnum, 'SELECT'))";

    private DataChecks() {}

    static List<Check> all() {
        return List.of(
                warning("no-statistics", EVERY, BOTH, statistics()),
                warning("stale-collation", EVERY, BOTH, question("""
                        SELECT quote_ident(n.nspname) || '.' || quote_ident(o.collname), 'its library was version '
                            || o.collversion || ' and is ' || coalesce(pg_collation_actual_version(o.oid), 'none')
                            || ' now: indexes over text may be out of order',
                          format('REINDEX DATABASE %I; ALTER COLLATION %I.%I REFRESH VERSION;', current_database(),
                            n.nspname, o.collname)
                        FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
                        WHERE o.collversion IS DISTINCT FROM pg_collation_actual_version(o.oid)
                          AND o.collversion IS NOT NULL AND (o.collencoding = -1 OR o.collencoding = (SELECT encoding
                            FROM pg_database WHERE datname = current_database()))
                          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attcollation = o.oid AND a.attrelid >= 16384)
                        """)),
                warning("stale-database-collation", EVERY, BOTH, question("""
                        SELECT quote_ident(datname), 'the library of its collation was version ' || datcollversion
                            || ' and is ' || coalesce(pg_database_collation_actual_version(oid), 'none')
                            || ' now: indexes over text may be out of order',
                          format('REINDEX DATABASE %I; ALTER DATABASE %I REFRESH COLLATION VERSION;', datname, datname)
                        FROM pg_database WHERE datname = current_database() AND datcollversion IS NOT NULL
                          AND datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid)
                        """).since(FIRST_WITH_DATABASE_VERSIONS)),
                error("sequence-behind", EVERY, BOTH, behind()),
                warning("sequence-nearly-used", EVERY, BOTH, sequences()),
                warning("key-nearly-used", EVERY, BOTH, keys()));
    }

    private static Question statistics() {
        return question("""
                SELECT format('SELECT %L, %L, %L WHERE EXISTS (SELECT FROM %s)', c.oid::regclass::text,
                    'rows and no statistics: plans will be guesses', format('ANALYZE %s;', c.oid::regclass),
                    c.oid::regclass), c.oid::regclass::text
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND {own} AND pg_relation_size(c.oid) > 0
                  AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)
                  AND NOT EXISTS (SELECT FROM pg_stats t WHERE t.schemaname = n.nspname AND t.tablename = c.relname)
                """).statements().doubting(sql("""
                        SELECT format('%s: its statistics are hidden from the role. GRANT SELECT ON %s TO %I;',
                          c.oid::regclass, c.oid::regclass, current_user)
                          || CASE WHEN row_security_active(c.oid) THEN ' and give it BYPASSRLS' ELSE '' END
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind = 'r' AND {own} AND pg_relation_size(c.oid) > 0
                          AND (NOT has_table_privilege(c.oid, 'SELECT') OR row_security_active(c.oid))
                        """));
    }

    private static Question behind() {
        return question("""
                SELECT format('SELECT %L, ''the next value is '' || next || %L || far || '' already'','
                    || ' ''SELECT setval('' || quote_literal(%L) || '', '' || far || '');'' FROM (SELECT last_value'
                    || ' + CASE WHEN is_called THEN %L::numeric ELSE 0 END AS next, (SELECT %s(%I) FROM %s'
                    || ' WHERE %I BETWEEN %L::bigint AND %L::bigint) AS far FROM %s) x WHERE next %s far',
                  s.oid::regclass::text, ', and ' || c.oid::regclass || '.' || quote_ident(a.attname) || ' has ',
                  s.oid::regclass::text, q.seqincrement, CASE WHEN q.seqincrement > 0 THEN 'max' ELSE 'min' END,
                  a.attname, c.oid::regclass, a.attname, q.seqmin, q.seqmax, s.oid::regclass,
                  CASE WHEN q.seqincrement > 0 THEN '<=' ELSE '>=' END), s.oid::regclass::text
                FROM\s""" + FED + " WHERE {own} AND " + READABLE + " AND " + INDEXED)
                .statements()
                .doubting(sql("""
                        SELECT s.oid::regclass || ': ' || CASE WHEN
                        """ + READABLE + """
                        THEN
                          format('no index gives the largest %s.%I cheaply. Read it by hand, or use pgrehearse verify',
                            c.oid::regclass, a.attname)
                        ELSE format('the role may not read it or %s. GRANT SELECT ON %s, %s TO %I;', c.oid::regclass,
                            s.oid::regclass, c.oid::regclass, current_user) END
                        FROM\s""" + FED + " WHERE {own} AND NOT (" + READABLE + " AND " + INDEXED
                        + ") AND (c.relkind = 'p' OR pg_relation_size(c.oid) > 0)"));
    }

    private static Question sequences() {
        return question("""
                SELECT format('%I.%I', schemaname, sequencename), trunc(100 * used) || ' % of its values are used',
                  format('ALTER SEQUENCE %I.%I AS bigint MAXVALUE 9223372036854775807; and widen the columns it feeds',
                    schemaname, sequencename)
                FROM (SELECT schemaname, sequencename, CASE WHEN increment_by > 0
                    THEN (last_value::numeric - min_value) / nullif(max_value::numeric - min_value, 0)
                    ELSE (max_value::numeric - last_value) / nullif(max_value::numeric - min_value, 0) END AS used
                  FROM pg_sequences WHERE NOT cycle) s WHERE used > 0.8
                """).doubting(sql("""
                SELECT format('%s: the role may not read it. GRANT SELECT ON SEQUENCE %s TO %I;', c.oid::regclass,
                  c.oid::regclass, current_user)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE {own} AND CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT, USAGE') END
                """));
    }

    private static Question keys() {
        String keys = """
                FROM (SELECT c.oid, a.attnum, a.attname, CASE WHEN a.atttypid = 'int2'::regtype THEN 32767
                    ELSE 2147483647 END AS most
                  FROM pg_index p JOIN pg_class c ON c.oid = p.indrelid AND NOT c.relispartition
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.indkey[0]
                  WHERE p.indisprimary AND a.atttypid IN ('int2'::regtype, 'int4'::regtype) AND {own}) k
                """;
        return question("""
                SELECT
                  format('SELECT %L, ''the largest value is '' || far || %L, %L FROM (SELECT max(%I) AS far FROM %s) x'
                    || ' WHERE far > 0.8 * %s', oid::regclass || '.' || quote_ident(attname), ' of ' || most,
                    format('ALTER TABLE %s ALTER COLUMN %I TYPE bigint; it rewrites the table', oid::regclass, attname),
                    attname, oid::regclass, most), oid::regclass::text
                """ + keys + "WHERE has_column_privilege(oid, attnum, 'SELECT')")
                .statements()
                .doubting(sql("""
                        SELECT format('%s: the role may not read its key. GRANT SELECT ON %s TO %I;', oid::regclass,
                          oid::regclass, current_user)
                        """ + keys + "WHERE NOT has_column_privilege(oid, attnum, 'SELECT')"));
    }
}
