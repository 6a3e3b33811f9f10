package org.pgrehearse.scenarios.external;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a server says about itself and about the role that a run has there, before anything is made.
 *
 * @param serverVersion such as 150014
 * @param sessions client sessions in the database beside our own
 * @param consumers replication slots and senders that are not a rehearsal's
 * @param bytes size of the database
 * @param walBytesPerSecond written while it was asked
 * @param readOnly whether the database's sessions are read-only by default
 */
record ServerFacts(
        int serverVersion,
        String database,
        String user,
        boolean superuser,
        boolean replication,
        boolean owner,
        boolean mayCreate,
        boolean maySubscribe,
        boolean seesOthers,
        boolean seesOrigins,
        boolean endsOthers,
        boolean standby,
        String walLevel,
        boolean readOnly,
        long sessions,
        long consumers,
        long bytes,
        long walBytesPerSecond) {
    private static final int MAJOR = 10_000;

    private static final String QUERY = """
            SELECT current_setting('server_version_num')::int, current_database(), current_user,
                r.rolsuper, r.rolreplication,
                EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database()
                    AND pg_has_role(d.datdba, 'USAGE')),
                has_database_privilege(current_database(), 'CREATE'),
                EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_create_subscription' AND pg_has_role(oid, 'USAGE')),
                EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_read_all_stats' AND pg_has_role(oid, 'USAGE')),
                has_table_privilege('pg_replication_origin_status', 'SELECT')
                    AND has_function_privilege('pg_show_replication_origin_status()', 'EXECUTE'),
                EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_signal_backend' AND pg_has_role(oid, 'USAGE')),
                pg_is_in_recovery(), current_setting('wal_level'),
                current_setting('default_transaction_read_only')::boolean,
                (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND coalesce(backend_type, 'client backend') = 'client backend' AND usesysid IS NOT NULL
                    AND NOT (usename = current_user AND application_name LIKE 'pgrehearse%')),
                (SELECT count(*) FROM pg_replication_slots WHERE slot_name NOT LIKE 'pgrehearse%'
                        AND slot_name NOT LIKE 'pg_%_sync_%')
                    + (SELECT count(*) FROM pg_stat_replication WHERE coalesce(application_name, '') NOT LIKE
                        'pgrehearse%' AND coalesce(application_name, '') NOT LIKE 'pg_%_sync_%'),
                pg_database_size(current_database())
            FROM pg_roles r WHERE r.rolname = current_user
            """;

    /** How much WAL is written in one second of watching. */
    private static final String WAL = """
            WITH before AS MATERIALIZED (SELECT pg_current_wal_insert_lsn() AS at),
                pause AS MATERIALIZED (SELECT pg_sleep(1) FROM before)
            SELECT (pg_current_wal_insert_lsn() - at)::bigint FROM before, pause
            """;

    /** The major version, such as 15. */
    int major() {
        return serverVersion / MAJOR;
    }

    /** Asks a server; takes about a second. */
    static ServerFacts of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ServerFacts facts;
            try (ResultSet row = statement.executeQuery(QUERY)) {
                row.next();
                facts = read(row, 0);
            }
            if (facts.standby()) {
                return facts;
            }
            try (ResultSet wal = statement.executeQuery(WAL)) {
                wal.next();
                return facts.writing(wal.getLong(1));
            }
        }
    }

    private static ServerFacts read(ResultSet row, long walBytesPerSecond) throws SQLException {
        int column = 1;
        return new ServerFacts(
                row.getInt(column++),
                row.getString(column++),
                row.getString(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getBoolean(column++),
                row.getString(column++),
                row.getBoolean(column++),
                row.getLong(column++),
                row.getLong(column++),
                row.getLong(column),
                walBytesPerSecond);
    }

    private ServerFacts writing(long bytesPerSecond) {
        return new ServerFacts(
                serverVersion,
                database,
                user,
                superuser,
                replication,
                owner,
                mayCreate,
                maySubscribe,
                seesOthers,
                seesOrigins,
                endsOthers,
                standby,
                walLevel,
                readOnly,
                sessions,
                consumers,
                bytes,
                bytesPerSecond);
    }
}
