package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Checks.COPYING;
import static org.pgrehearse.verifier.preflight.Checks.DECODING;
import static org.pgrehearse.verifier.preflight.Checks.SOURCE;
import static org.pgrehearse.verifier.preflight.Checks.SUBSCRIBING;
import static org.pgrehearse.verifier.preflight.Checks.TARGET;
import static org.pgrehearse.verifier.preflight.Checks.error;
import static org.pgrehearse.verifier.preflight.Checks.question;
import static org.pgrehearse.verifier.preflight.Checks.warning;
import static org.pgrehearse.verifier.preflight.Migration.BUCARDO;
import static org.pgrehearse.verifier.preflight.Migration.LOGICAL_REPLICATION;
import static org.pgrehearse.verifier.preflight.Migration.PGCOPYDB;
import static org.pgrehearse.verifier.preflight.Migration.PGLOGICAL;
import static org.pgrehearse.verifier.preflight.Migration.PG_REPACK;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What systems that replicate rows stumble over. */
final class ReplicationChecks {
    private static final int FIRST_WITH_RETENTION_LIMIT = 13;
    private static final int FIRST_WITH_FILTERS = 15;

    private ReplicationChecks() {}

    static List<Check> all() {
        return Stream.of(publisher(), tables(), omissions(), publications(), subscriber())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Check> publisher() {
        return List.of(
                error("wal-level", DECODING, SOURCE, question("""
                        SELECT 'wal_level', 'wal_level is ' || setting || '; logical decoding needs logical',
                          'ALTER SYSTEM SET wal_level = ''logical''; and restart the server'
                        FROM pg_settings WHERE name = 'wal_level' AND setting <> 'logical'
                        """)),
                error("no-free-slot", DECODING, SOURCE, question("""
                        SELECT 'max_replication_slots', used || ' of ' || most || ' replication slots are taken',
                          'Drop a slot with SELECT pg_drop_replication_slot(...), or ALTER SYSTEM SET'
                            || ' max_replication_slots = ' || most + 5 || '; and restart the server'
                        FROM (SELECT (SELECT count(*) FROM pg_replication_slots) AS used,
                          current_setting('max_replication_slots')::int AS most) s WHERE used >= most
                        """)),
                error("no-free-sender", DECODING, SOURCE, question("""
                        SELECT 'max_wal_senders', used || ' of ' || most || ' WAL senders are taken',
                          'ALTER SYSTEM SET max_wal_senders = ' || most + 5 || '; and restart the server'
                        FROM (SELECT (SELECT count(*) FROM pg_stat_replication) AS used,
                          current_setting('max_wal_senders')::int AS most) s WHERE used >= most
                        """)),
                warning("role-cannot-replicate", DECODING, SOURCE, question("""
                        SELECT current_user, 'the role has no REPLICATION; a migration as this role cannot stream',
                          format('ALTER ROLE %I REPLICATION;', current_user)
                        FROM pg_roles r WHERE rolname = current_user AND NOT rolsuper AND NOT rolreplication
                          AND NOT EXISTS (SELECT FROM pg_roles m WHERE m.rolname = 'rds_replication'
                            AND pg_has_role(r.oid, m.oid, 'MEMBER'))
                        """)),
                warning(
                        "slot-retention-unlimited",
                        DECODING,
                        SOURCE,
                        question("""
                        SELECT name, 'a slot that nobody reads keeps WAL until the disk is full',
                          'ALTER SYSTEM SET max_slot_wal_keep_size = ''100GB''; SELECT pg_reload_conf();'
                            || ' (less than the free disk; a slot that falls further behind is lost)'
                        FROM pg_settings WHERE name = 'max_slot_wal_keep_size' AND setting = '-1'
                        """).since(FIRST_WITH_RETENTION_LIMIT)),
                error("output-plugin-refused", Set.of(PGLOGICAL, PGCOPYDB), SOURCE, question("""
                        SELECT p.plugin, 'output_plugin_libraries is ' || s.setting || '; the server refuses ' ||
                          p.plugin,
                          'ALTER SYSTEM SET output_plugin_libraries = '
                            || concat_ws(', ', nullif(s.setting, ''), p.plugin) || '; SELECT pg_reload_conf();'
                        FROM pg_settings s, (VALUES ('pglogical_output'), ('test_decoding')) p (plugin)
                        WHERE s.name = 'output_plugin_libraries'
                          AND p.plugin <> ALL (regexp_split_to_array(s.setting, '[\\s,"]+'))
                          AND '*' <> ALL (regexp_split_to_array(s.setting, '[\\s,"]+'))
                        """)));
    }

    private static List<Check> tables() {
        return List.of(
                error("no-replica-identity", DECODING, SOURCE, question("""
                        SELECT c.oid::regclass::text, CASE WHEN EXISTS (SELECT FROM pg_publication_tables p
                            JOIN pg_publication b ON b.pubname = p.pubname
                            WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND (b.pubupdate OR b.pubdelete))
                          THEN 'no replica identity, and it is published: UPDATE and DELETE fail on the source now'
                          ELSE 'no replica identity: UPDATE and DELETE will fail on the source once published' END,
                          format('ALTER TABLE %s ADD PRIMARY KEY (...); or, on a unique index over columns that are NOT'
                            || ' NULL, ALTER TABLE %s REPLICA IDENTITY USING INDEX ...; or ALTER TABLE %s REPLICA'
                            || ' IDENTITY FULL;', c.oid::regclass, c.oid::regclass, c.oid::regclass)
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND {own} AND c.relreplident <> 'f'
                          AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
                            AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END)
                        """)),
                error("full-identity-without-equality", Set.of(LOGICAL_REPLICATION), SOURCE, question("""
                        SELECT c.oid::regclass || '.' || quote_ident(a.attname),
                          'REPLICA IDENTITY FULL, and ' || format_type(a.atttypid, a.atttypmod)
                            || ' has no equality: apply stops at the first UPDATE or DELETE',
                          format('ALTER TABLE %s ADD PRIMARY KEY (...); ALTER TABLE %s REPLICA IDENTITY DEFAULT;',
                            c.oid::regclass, c.oid::regclass)
                        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
                        WHERE c.relkind = 'r' AND c.relreplident = 'f' AND {own} AND a.attnum > 0
                          AND NOT a.attisdropped AND t.typtype = 'b' AND t.typcategory <> 'A'
                          AND NOT EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
                            WHERE m.amname IN ('btree', 'hash') AND o.opcdefault AND (o.opcintype = t.oid
                              OR EXISTS (SELECT FROM pg_cast k WHERE k.castsource = t.oid
                                AND k.casttarget = o.opcintype AND k.castmethod = 'b')))
                        """)),
                error(
                        "no-primary-key",
                        Set.of(BUCARDO),
                        SOURCE,
                        question(
                                withoutUnique("i.indisprimary", "no primary key: Bucardo cannot tell its rows apart"))),
                error(
                        "no-unique-key",
                        Set.of(PG_REPACK),
                        SOURCE,
                        question(withoutUnique(
                                """
                        i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
                          AND NOT EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid
                            AND k.attnum = ANY (i.indkey) AND NOT k.attnotnull)
                        """, "no unique index over columns that are NOT NULL: pg_repack leaves it out"))));
    }

    private static List<Check> omissions() {
        return List.of(
                warning("not-carried", SUBSCRIBING, SOURCE, question("""
                        SELECT c.oid::regclass::text, CASE c.relkind WHEN 'm' THEN 'materialized view' WHEN 'f' THEN
                            'foreign table' ELSE 'unlogged table' END || ': its rows are not replicated',
                          CASE c.relkind WHEN 'm' THEN format('REFRESH MATERIALIZED VIEW %s; on the target',
                            c.oid::regclass) WHEN 'f' THEN 'Make its server and user mappings on the target'
                          ELSE format('ALTER TABLE %s SET LOGGED; or copy it with pg_dump -t', c.oid::regclass) END
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE (c.relkind IN ('m', 'f') OR c.relkind = 'r' AND c.relpersistence = 'u') AND {own}
                        """)),
                warning("large-objects-not-carried", SUBSCRIBING, SOURCE, question("""
                        SELECT 'large objects', count(*) || ' large objects are not replicated',
                          'Copy them with pg_dump --large-objects while nothing writes them, or move them to bytea'
                        FROM pg_largeobject_metadata HAVING count(*) > 0
                        """)),
                warning("sequences-not-carried", Set.of(LOGICAL_REPLICATION, PGLOGICAL), SOURCE, question("""
                        SELECT 'sequences', count(*) || ' sequences keep their old values on the target',
                          'At the cutover run SELECT setval(...) for each on the target, above the source''s last_value'
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind = 'S' AND {own} HAVING count(*) > 0
                        """)),
                error("row-security-hides-rows", COPYING, SOURCE, question("""
                        SELECT c.oid::regclass::text, format('row security hides rows of it from %I', current_user),
                          format('ALTER ROLE %I BYPASSRLS; or copy as the owner without FORCE ROW LEVEL SECURITY',
                            current_user)
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_roles r ON r.rolname = current_user
                        WHERE c.relkind IN ('r', 'p') AND {own} AND c.relrowsecurity
                          AND NOT r.rolsuper AND NOT r.rolbypassrls
                          AND (c.relforcerowsecurity OR NOT pg_has_role(current_user, c.relowner, 'USAGE'))
                        """)));
    }

    private static String withoutUnique(String index, String detail) {
        return """
                SELECT c.oid::regclass::text, '{detail}',
                  format('ALTER TABLE %s ADD PRIMARY KEY (...);', c.oid::regclass)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND {own}
                  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND {index})
                """.replace("{detail}", detail).replace("{index}", index);
    }

    private static List<Check> publications() {
        return List.of(
                warning("publication-leaves-out-commands", Set.of(LOGICAL_REPLICATION), SOURCE, question("""
                        SELECT quote_ident(pubname), 'does not publish ' || concat_ws(', ',
                            CASE WHEN NOT pubinsert THEN 'insert' END, CASE WHEN NOT pubupdate THEN 'update' END,
                            CASE WHEN NOT pubdelete THEN 'delete' END, CASE WHEN NOT pubtruncate THEN 'truncate' END),
                          format('ALTER PUBLICATION %I SET (publish = ''insert, update, delete, truncate'');', pubname)
                        FROM pg_publication WHERE NOT (pubinsert AND pubupdate AND pubdelete AND pubtruncate)
                        """)),
                warning(
                        "publication-leaves-out-data",
                        Set.of(LOGICAL_REPLICATION),
                        SOURCE,
                        question("""
                        SELECT quote_ident(p.pubname) || ' ' || r.prrelid::regclass,
                          'published with ' || concat_ws(' and ', CASE WHEN r.prqual IS NOT NULL THEN 'a row filter'
                            END,
                            CASE WHEN r.prattrs IS NOT NULL THEN 'a list of columns' END) || ' only',
                          format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %I ADD TABLE %s;',
                            p.pubname, r.prrelid::regclass, p.pubname, r.prrelid::regclass)
                        FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
                        WHERE r.prqual IS NOT NULL OR r.prattrs IS NOT NULL
                        """).since(FIRST_WITH_FILTERS)));
    }

    private static List<Check> subscriber() {
        return List.of(
                warning("subscription-exists", Set.of(LOGICAL_REPLICATION), TARGET, question("""
                        SELECT quote_ident(subname), 'the target subscribes already; rows may come from two places',
                          format('ALTER SUBSCRIPTION %I DISABLE; DROP SUBSCRIPTION %I; if it is not of this migration',
                            subname, subname)
                        FROM pg_subscription
                        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """)),
                error("too-few-apply-workers", Set.of(LOGICAL_REPLICATION), TARGET, question("""
                        SELECT name, setting || ' of them, ' || used || ' taken by subscriptions; one more'
                            || ' subscription needs ' || needed,
                          'ALTER SYSTEM SET ' || name || ' = ' || used + needed + 2 || '; and restart the server'
                        FROM (SELECT s.name, s.setting::int, u.used, CASE WHEN s.name =
                          'max_logical_replication_workers'
                            THEN 2 WHEN s.name = 'max_worker_processes' THEN 3 ELSE 1 END AS needed
                          FROM pg_settings s, (SELECT count(subname)::int AS used FROM pg_subscription) u
                          WHERE s.name IN ('max_logical_replication_workers', 'max_worker_processes',
                            CASE WHEN current_setting('server_version_num')::int >= 180000
                              THEN 'max_active_replication_origins' ELSE 'max_replication_slots' END)) x
                        WHERE setting < used + needed
                        """)),
                warning("trigger-mode", SUBSCRIBING, TARGET, question("""
                        SELECT t.tgrelid::regclass || '.' || quote_ident(t.tgname), CASE t.tgenabled
                            WHEN 'A' THEN 'ENABLE ALWAYS: it fires for every replicated row'
                            WHEN 'R' THEN 'ENABLE REPLICA: it fires for replicated rows and not for the application''s'
                            ELSE 'disabled: it will not fire for the application after the cutover' END,
                          format('ALTER TABLE %s ENABLE TRIGGER %I;', t.tgrelid::regclass, t.tgname)
                        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE NOT t.tgisinternal AND t.tgenabled <> 'O' AND {own}
                        """)));
    }
}
