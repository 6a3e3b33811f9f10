package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Checks.DECODING;
import static org.pgrehearse.verifier.preflight.Checks.SOURCE;
import static org.pgrehearse.verifier.preflight.Checks.error;
import static org.pgrehearse.verifier.preflight.Checks.question;
import static org.pgrehearse.verifier.preflight.Checks.warning;
import static org.pgrehearse.verifier.preflight.Migration.LOGICAL_REPLICATION;
import static org.pgrehearse.verifier.preflight.Migration.PGCOPYDB;
import static org.pgrehearse.verifier.preflight.Migration.PGLOGICAL;
import static org.pgrehearse.verifier.preflight.Migration.PG_REPACK;
import static org.pgrehearse.verifier.preflight.Migration.PHYSICAL_STANDBY;
import static org.pgrehearse.verifier.preflight.Migration.POINT_IN_TIME_RECOVERY;
import static org.pgrehearse.verifier.preflight.Migration.SCHEMA_CHANGE;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What stands in the way of slots, locks, copies of files and the archive. */
final class ServerChecks {
    private static final Set<Migration> WAITING =
            EnumSet.of(LOGICAL_REPLICATION, PGLOGICAL, PGCOPYDB, PG_REPACK, SCHEMA_CHANGE);
    private static final Set<Migration> FILES = EnumSet.of(PHYSICAL_STANDBY, POINT_IN_TIME_RECOVERY);

    private static final String HIDDEN_SESSIONS = """
            SELECT count(*) || format(' sessions of other roles are hidden. GRANT pg_read_all_stats TO %I;',
              current_user)
            FROM pg_stat_activity
            WHERE usename <> current_user AND state IS NULL AND query = '<insufficient privilege>'
            HAVING count(*) > 0
            """;

    private ServerChecks() {}

    static List<Check> all() {
        return Stream.of(waits(), files()).flatMap(List::stream).toList();
    }

    private static List<Check> waits() {
        return List.of(
                error("prepared-transaction", WAITING, SOURCE, question("""
                        SELECT gid, 'prepared ' || date_trunc('second', now() - prepared) || ' ago in database '
                            || database || ': slots, locks and fences wait for it',
                          format('COMMIT PREPARED %L; or ROLLBACK PREPARED %L; in its database', gid, gid)
                        FROM pg_prepared_xacts
                        """)),
                warning("long-transaction", WAITING, SOURCE, question("""
                        SELECT 'session of ' || coalesce(usename, '?'), 'process ' || pid || ', open for '
                            || date_trunc('second', now() - xact_start) || ', ' || coalesce(state, 'state unknown')
                            || ': slots, CREATE INDEX CONCURRENTLY and locks wait for it',
                          format('SELECT pg_terminate_backend(%s); or let it end', pid)
                        FROM pg_stat_activity WHERE (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
                          AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                          AND xact_start < clock_timestamp() - interval '%OLD%'
                        """).doubting(HIDDEN_SESSIONS)),
                warning("no-lock-timeout", Set.of(SCHEMA_CHANGE), SOURCE, question("""
                        SELECT 'role ' || quote_ident(current_user), 'no lock_timeout: a change that waits for a lock'
                            || ' makes everybody wait behind it',
                          format('ALTER ROLE %I SET lock_timeout = ''2s''; or SET lock_timeout in the migration',
                            current_user)
                        FROM pg_settings WHERE name = 'lock_timeout' AND reset_val = '0'
                        """)));
    }

    private static List<Check> files() {
        return List.of(
                error("wal-minimal", FILES, SOURCE, question("""
                        SELECT name, 'wal_level is minimal: no standby and no archive can follow',
                          'ALTER SYSTEM SET wal_level = ''replica''; and restart the server'
                        FROM pg_settings WHERE name = 'wal_level' AND setting = 'minimal'
                        """)),
                error("archive-off", Set.of(POINT_IN_TIME_RECOVERY), SOURCE, question("""
                        SELECT name, 'archive_mode is off: no WAL is archived',
                          'ALTER SYSTEM SET archive_mode = ''on''; ALTER SYSTEM SET archive_command = ''...''; and'
                            || ' restart the server'
                        FROM pg_settings WHERE name = 'archive_mode' AND setting = 'off'
                        """)),
                warning("no-rewind", Set.of(PHYSICAL_STANDBY), SOURCE, question("""
                        SELECT 'wal_log_hints', 'neither wal_log_hints nor checksums: pg_rewind cannot bring the old'
                            || ' primary back',
                          'ALTER SYSTEM SET wal_log_hints = on; and restart the server'
                        WHERE current_setting('wal_log_hints') = 'off' AND current_setting('data_checksums') = 'off'
                        """)),
                warning("user-tablespace", FILES, SOURCE, question("""
                        SELECT quote_ident(spcname), 'lies at ' || pg_tablespace_location(oid)
                            || ': a copy on the same machine needs another place for it',
                          format('pg_basebackup --tablespace-mapping=%s=NEW', pg_tablespace_location(oid))
                        FROM pg_tablespace WHERE spcname !~ '^pg_'
                        """)),
                error("in-recovery", DECODING, SOURCE, question("""
                        SELECT 'standby', 'the source is a standby: publications are made on its primary',
                          'Give its primary as --source'
                        WHERE pg_is_in_recovery() AND current_setting('server_version_num')::int < 160000
                        """)));
    }
}
