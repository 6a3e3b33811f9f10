package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Checks.BOTH;
import static org.pgrehearse.verifier.preflight.Checks.EVERY;
import static org.pgrehearse.verifier.preflight.Checks.error;
import static org.pgrehearse.verifier.preflight.Checks.question;
import static org.pgrehearse.verifier.preflight.Checks.warning;

import java.util.List;
import java.util.stream.Stream;

/** What earlier migrations left behind. */
final class LeftoverChecks {
    private LeftoverChecks() {}

    static List<Check> all() {
        return Stream.of(objects(), replication(), tools())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Check> objects() {
        return List.of(
                warning("invalid-index", EVERY, BOTH, question("""
                        SELECT i.indexrelid::regclass::text, CASE WHEN i.indisready THEN
                          'not valid: maintained and never'
                            || ' read' ELSE 'not valid and not maintained' END ||
                              '; a CONCURRENTLY that did not finish',
                          format('REINDEX INDEX %s; or DROP INDEX %s;', i.indexrelid::regclass, i.indexrelid::regclass)
                        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE (NOT i.indisvalid OR NOT i.indisready) AND {own}
                        """)),
                warning("constraint-not-validated", EVERY, BOTH, question("""
                        SELECT k.conrelid::regclass || '.' || quote_ident(k.conname),
                          'NOT VALID: rows that break it may exist, and a restore keeps it so',
                          format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', k.conrelid::regclass, k.conname)
                        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT k.convalidated AND {own}
                        """)));
    }

    private static List<Check> replication() {
        return List.of(
                warning("idle-slot", EVERY, BOTH, question("""
                        SELECT quote_ident(slot_name), 'nobody reads it; it keeps ' || coalesce(pg_size_pretty(
                            pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                              ELSE pg_current_wal_lsn() END, restart_lsn)), 'no') || ' of WAL',
                          format('SELECT pg_drop_replication_slot(%L); when nobody will come back for it', slot_name)
                        FROM pg_replication_slots WHERE NOT active AND NOT temporary
                        """)),
                warning("orphaned-origin", EVERY, BOTH, question("""
                        SELECT quote_ident(o.roname), 'the replication origin''s subscription is gone',
                          format('SELECT pg_replication_origin_drop(%L);', o.roname)
                        FROM pg_replication_origin o WHERE o.roname ~ '^pg_[0-9]+'
                          AND NOT EXISTS (SELECT FROM pg_subscription s WHERE o.roname = 'pg_' || s.oid
                            OR o.roname LIKE 'pg\\_' || s.oid || '\\_%')
                        """)),
                warning("disabled-subscription", EVERY, BOTH, question("""
                        SELECT quote_ident(subname), 'disabled; its slot keeps WAL on the other side',
                          format('ALTER SUBSCRIPTION %I ENABLE; or DROP SUBSCRIPTION %I;', subname, subname)
                        FROM pg_subscription WHERE NOT subenabled
                          AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """)));
    }

    private static List<Check> tools() {
        return List.of(
                warning("leftover-trigger", EVERY, BOTH, question("""
                        SELECT t.tgrelid::regclass || '.' || quote_ident(t.tgname),
                          'looks like a trigger that pg_repack,'
                            || ' Bucardo, pgroll, reshape or pg-osc left',
                          format('DROP TRIGGER %I ON %s; when the tool does not run', t.tgname, t.tgrelid::regclass)
                        FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgname
                          ~ '^(repack_trigger|primary_to_audit_table_trigger|bucardo_|_?pgroll|reshape|pgosc)'
                        """)),
                warning("leftover-table", EVERY, BOTH, question("""
                        SELECT c.oid::regclass::text, 'looks like a table that pg_repack, pgslice or pg-osc left',
                          format('DROP TABLE %s; when the tool does not run and nobody needs it', c.oid::regclass)
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'repack' AND c.relname ~ '^(log|table)_[0-9]+$'
                          OR n.nspname !~ '^pg_' AND c.relname ~ '^pgosc_|_(intermediate|retired)$')
                        """)),
                error("read-only-default", EVERY, BOTH, question("""
                        SELECT concat_ws(' in ', 'role ' || quote_ident(r.rolname), 'database ' ||
                          quote_ident(d.datname)),
                          'default_transaction_read_only is on: new sessions cannot write',
                          CASE WHEN r.oid IS NULL THEN format('ALTER DATABASE %I RESET default_transaction_read_only;',
                            d.datname) WHEN d.oid IS NULL THEN
                            format('ALTER ROLE %I RESET default_transaction_read_only;', r.rolname) ELSE
                            format('ALTER ROLE %I IN DATABASE %I RESET default_transaction_read_only;', r.rolname,
                              d.datname) END
                        FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
                        LEFT JOIN pg_database d ON d.oid = s.setdatabase
                        WHERE (d.oid IS NULL OR d.datname = current_database())
                          AND EXISTS (SELECT FROM unnest(s.setconfig) c
                            WHERE lower(c) ~ '^default_transaction_read_only=(on|true|yes|1|t|y)')
                        """)));
    }
}
