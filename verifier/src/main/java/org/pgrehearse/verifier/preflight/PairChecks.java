package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Checks.COPYING;
import static org.pgrehearse.verifier.preflight.Checks.SUBSCRIBING;
import static org.pgrehearse.verifier.preflight.Checks.question;
import static org.pgrehearse.verifier.preflight.Migration.PHYSICAL_STANDBY;
import static org.pgrehearse.verifier.preflight.Migration.POINT_IN_TIME_RECOVERY;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.pgrehearse.verifier.preflight.Check.Comparison;
import org.pgrehearse.verifier.preflight.Check.OfBoth;
import org.pgrehearse.verifier.preflight.Check.Question;
import org.pgrehearse.verifier.preflight.Check.Severity;

/** What is on both sides and does not fit together. */
final class PairChecks {
    private static final Set<Migration> FILES = EnumSet.of(PHYSICAL_STANDBY, POINT_IN_TIME_RECOVERY);

    private static final String MAJOR = "SELECT 'server', (current_setting('server_version_num')::int / 10000)::text";
    private static final String PLATFORM =
            "SELECT 'server', coalesce(substring(version() from ' on ([^, ]+)'), version())";
    private static final String ENCODING =
            "SELECT 'encoding', pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";

    /** The columns' names differ between majors, which a row as JSON does not mind. */
    private static final String LOCALE = """
            SELECT v.name, v.value FROM pg_database d CROSS JOIN LATERAL (SELECT to_jsonb(d) AS j) r
            CROSS JOIN LATERAL (VALUES ('LC_COLLATE', j ->> 'datcollate'), ('LC_CTYPE', j ->> 'datctype'),
              ('locale provider', coalesce(j ->> 'datlocprovider', 'c')),
              ('locale', coalesce(j ->> 'datlocale', j ->> 'daticulocale', ''))) v (name, value)
            WHERE d.datname = current_database()
            """;

    private static final String SETTINGS = """
            SELECT name, reset_val FROM pg_settings s
            WHERE name IN ('IntervalStyle', 'search_path', 'default_transaction_isolation', 'bytea_output',
              'lc_monetary',
                'lc_numeric', 'lc_time', 'standard_conforming_strings', 'array_nulls', 'transform_null_equals',
                'xmloption', 'backslash_quote', 'default_text_search_config', 'default_tablespace',
                  'synchronous_commit')
              AND NOT EXISTS (SELECT FROM pg_db_role_setting d CROSS JOIN unnest(d.setconfig) c
                WHERE lower(split_part(c, '=', 1)) = lower(s.name)
                  AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                  AND d.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user)))
            """;

    /** The driver sets these two for its own sessions, so only the files know what an application gets. */
    private static final String TIME_SETTINGS = """
            SELECT v.name, coalesce((SELECT lower(f.setting) FROM pg_file_settings f
              WHERE lower(f.name) = lower(v.name) AND f.applied ORDER BY f.seqno DESC LIMIT 1), 'the default')
            FROM (VALUES ('TimeZone'), ('DateStyle')) v (name)
            """;

    private static final String STORED_SETTINGS = """
            SELECT concat_ws(' of ', split_part(c, '=', 1), concat_ws(' in ', 'role ' || quote_ident(r.rolname),
                CASE WHEN s.setdatabase <> 0 THEN 'the database' END)), substr(c, strpos(c, '=') + 1),
              format('ALTER %s SET %s = ...;', CASE WHEN r.oid IS NULL THEN 'DATABASE ' ||
                quote_ident(current_database())
                ELSE 'ROLE ' || quote_ident(r.rolname) || CASE WHEN s.setdatabase <> 0
                  THEN ' IN DATABASE ' || quote_ident(current_database()) ELSE '' END END, split_part(c, '=', 1))
            FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles r ON r.oid = s.setrole
            WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;

    private static final String EXTENSIONS = "SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql'";

    private static final String AVAILABLE =
            EXTENSIONS + " UNION ALL SELECT name, '' FROM pg_available_extensions WHERE installed_version IS NULL";

    private static final String ROLES_IN_USE = """
            SELECT DISTINCT r.rolname, 'owns or is granted objects of the source'
            FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
            WHERE d.refclassid = 'pg_authid'::regclass
              AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND r.rolname !~ '^pg_'
            """;

    private static final String TABLESPACES_IN_USE = """
            SELECT DISTINCT t.spcname, 'holds relations of the source' FROM pg_class c
            JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE t.spcname !~ '^pg_'
            """;

    private static final String TABLES = """
            SELECT c.oid::regclass::text, 'table' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND {own}
            """;

    private static final String FILLED = """
            SELECT format('SELECT %L, %L, %L WHERE EXISTS (SELECT FROM %s)', c.oid::regclass::text,
                'holds rows on the target: copied rows will collide with them or be there twice',
                format('TRUNCATE %s; on the target, when they are not needed', c.oid::regclass), c.oid::regclass),
              c.oid::regclass::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND {own} AND pg_relation_size(c.oid) > 0
            """;

    private static final String COLUMNS = """
            SELECT c.oid::regclass || '.' || quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
              c.oid::regclass::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p') AND {own}
            """;

    private PairChecks() {}

    static List<Check> all() {
        Set<Migration> copying = COPYING;
        return List.of(
                pair(Severity.ERROR, "target-older", copying, MAJOR, Comparisons::older),
                pair(Severity.ERROR, "major-differs", FILES, MAJOR, Comparisons::differing),
                pair(Severity.ERROR, "platform-differs", FILES, PLATFORM, Comparisons::differing),
                pair(Severity.ERROR, "encoding-differs", copying, ENCODING, Comparisons::differing),
                pair(Severity.WARNING, "locale-differs", copying, LOCALE, Comparisons::differing),
                pair(Severity.WARNING, "setting-differs", copying, SETTINGS, Comparisons::settings),
                pair(Severity.WARNING, "time-setting-differs", copying, TIME_SETTINGS, Comparisons::settings),
                pair(Severity.WARNING, "stored-setting-differs", copying, STORED_SETTINGS, Comparisons::stored),
                pair(Severity.ERROR, "extension-missing", copying, EXTENSIONS, AVAILABLE, Comparisons::extensions),
                pair(Severity.WARNING, "extension-older", copying, EXTENSIONS, Comparisons::olderExtensions),
                pair(
                        Severity.ERROR,
                        "role-missing",
                        copying,
                        ROLES_IN_USE,
                        "SELECT rolname FROM pg_roles",
                        Comparisons::roles),
                pair(
                        Severity.ERROR,
                        "tablespace-missing",
                        copying,
                        TABLESPACES_IN_USE,
                        "SELECT spcname FROM pg_tablespace",
                        Comparisons::tablespaces),
                new OfBoth(
                        "target-not-empty",
                        Severity.ERROR,
                        copying,
                        question(TABLES),
                        question(FILLED).statements(),
                        Comparisons::filled),
                pair(Severity.ERROR, "schema-missing", SUBSCRIBING, TABLES, Comparisons::noTable),
                pair(Severity.ERROR, "table-missing", SUBSCRIBING, TABLES, Comparisons::missingTables),
                pair(Severity.ERROR, "column-differs", SUBSCRIBING, COLUMNS, Comparisons::columns));
    }

    private static Check pair(
            Severity severity, String name, Set<Migration> affects, String sql, Comparison comparison) {
        return pair(severity, name, affects, sql, sql, comparison);
    }

    private static Check pair(
            Severity severity,
            String name,
            Set<Migration> affects,
            String source,
            String target,
            Comparison comparison) {
        Question there = question(target);
        return new OfBoth(name, severity, affects, question(source), there, comparison);
    }
}
