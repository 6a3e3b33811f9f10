package org.pgrehearse.scenarios.monitor;

import java.util.ArrayList;
import java.util.List;

/** What a monitor asks a server, in the words of its major version. */
final class ServerQuestions {
    private static final int CONFLICTS_SINCE = 18;
    private static final int CHECKPOINTER_VIEW_SINCE = 17;
    private static final int SUBSCRIPTION_STATISTICS_SINCE = 15;
    private static final int WAL_STATISTICS_SINCE = 14;
    private static final int STATEMENTS_EXEC_SINCE = 13;

    /** Sessions of users, without the monitor itself. */
    private static final String ACTIVITY = "SELECT count(*) AS \"connections\","
            + " count(*) FILTER (WHERE state = 'active') AS \"connections-active\","
            + " count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS \"connections-idle-in-transaction\","
            + " count(*) FILTER (WHERE wait_event_type = 'Lock') AS \"sessions-waiting-for-locks\","
            + " coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)"
            + " AS \"longest-transaction-seconds\","
            + " (SELECT count(*) FROM pg_prepared_xacts) AS \"prepared-transactions\""
            + " FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

    private static final String TABLES = "SELECT coalesce(sum(n_dead_tup), 0) AS \"dead-rows\","
            + " (SELECT pg_database_size(current_database())) AS \"database-bytes\" FROM pg_stat_user_tables";

    private static final String SLOTS = "SELECT count(*) FILTER (WHERE NOT active) AS \"slots-inactive\","
            + " coalesce(max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()"
            + " ELSE pg_current_wal_lsn() END, restart_lsn)), 0) AS \"slots-retained-wal-bytes\""
            + " FROM pg_replication_slots";

    private static final String STATEMENTS = "SELECT sum(total_exec_time), sum(calls) FROM pg_stat_statements"
            + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static final String HAS_STATEMENTS = "SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'";

    private static final String DATABASE = "SELECT xact_commit + xact_rollback, blks_read, deadlocks"
            + " FROM pg_stat_database WHERE datname = current_database()";

    private final int major;

    ServerQuestions(int major) {
        this.major = major;
    }

    /** Each column of each answer is a reading, its name that of the column. */
    List<String> levels() {
        List<String> all = new ArrayList<>(List.of(ACTIVITY, TABLES, SLOTS));
        if (major >= SUBSCRIPTION_STATISTICS_SINCE) {
            String conflicts = major >= CONFLICTS_SINCE
                    ? "confl_insert_exists + confl_update_origin_differs + confl_update_exists + confl_update_missing"
                            + " + confl_delete_origin_differs + confl_delete_missing + confl_multiple_unique_conflicts"
                    : "0";
            all.add("SELECT coalesce(sum(apply_error_count), 0) AS \"subscription-apply-errors\","
                    + " coalesce(sum(sync_error_count), 0) AS \"subscription-copy-errors\","
                    + " coalesce(sum(" + conflicts + "), 0) AS \"subscription-conflicts\""
                    + " FROM pg_stat_subscription_stats");
        }
        return all;
    }

    /** Checkpoints so far. */
    String checkpoints() {
        return major >= CHECKPOINTER_VIEW_SINCE
                ? "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
                : "SELECT checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter";
    }

    /** Bytes of WAL so far. */
    String wal() {
        return major >= WAL_STATISTICS_SINCE
                ? "SELECT wal_bytes FROM pg_stat_wal"
                : "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                        + " ELSE pg_current_wal_lsn() END, '0/0')";
    }

    /** Transactions, blocks read and deadlocks so far. */
    String database() {
        return DATABASE;
    }

    /** A row where statements are counted. */
    String hasStatements() {
        return HAS_STATEMENTS;
    }

    /** Milliseconds spent in statements and their number so far. */
    String statements() {
        return major >= STATEMENTS_EXEC_SINCE ? STATEMENTS : STATEMENTS.replace("total_exec_time", "total_time");
    }
}
