package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** What the verifier sees is one moment, and it leaves no trace. */
@ExtendWith(Servers.class)
final class SnapshotsIT {
    private static final String FIFTY =
            "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 50) i";

    private final Database source;
    private final Database target;

    SnapshotsIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    @Test
    void a_snapshot_held_by_the_caller_is_what_is_compared() throws SQLException {
        source.run(FIFTY);
        target.run(FIFTY);
        try (Connection holder = target.open();
                Statement statement = holder.createStatement()) {
            holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            holder.setAutoCommit(false);
            String id;
            try (ResultSet result = statement.executeQuery("SELECT pg_export_snapshot()")) {
                result.next();
                id = result.getString(1);
            }
            target.run("UPDATE t SET v = 0 WHERE id = 7; INSERT INTO t VALUES (51, 51)");
            VerifyOptions options = VerifyOptions.of(source, target);
            assertThat(only(verify(options.withSnapshots(null, id))).verdict()).isEqualTo(Verdict.CONSISTENT);
            assertThat(only(verify(options)).verdict()).isEqualTo(Verdict.DIVERGENT);
            // To an older snapshot, a truncated table looks empty: a difference that is none.
            target.run("TRUNCATE t");
            TableComparison truncated = only(verify(options.withSnapshots(null, id)));
            assertThat(truncated.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(truncated.reason()).contains("truncated or rewritten");
        }
    }

    @Test
    void writes_during_the_comparison_are_not_seen() {
        source.run(FIFTY);
        target.run(FIFTY);
        AtomicInteger writes = new AtomicInteger();
        Progress writer = state -> source.run("INSERT INTO t VALUES (" + (1000 + writes.incrementAndGet()) + ", 1)");
        assertThat(only(verify(VerifyOptions.of(source, target), writer)).verdict())
                .isEqualTo(Verdict.CONSISTENT);
        assertThat(writes.get()).isPositive();
    }

    @Test
    void one_lost_connection_is_replaced_and_sees_the_same_moment() {
        String table = "CREATE TABLE t AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 300000) i";
        source.run(table);
        target.run(table);
        AtomicInteger opened = new AtomicInteger();
        ConnectionSource counting = new ConnectionSource() {
            @Override
            public Connection open() throws SQLException {
                Connection connection = source.open();
                if (opened.incrementAndGet() == 2) {
                    // The second connection is born dead: its first statement fails.
                    connection.close();
                    throw new SQLException("planted loss", "08006");
                }
                return connection;
            }

            @Override
            public String displayUrl() {
                return source.displayUrl();
            }
        };
        TableComparison result = only(verify(VerifyOptions.of(counting, target)));
        assertThat(result.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(opened.get()).isGreaterThan(2);
    }

    @Test
    void a_server_without_room_for_all_jobs_is_read_with_fewer() {
        String table = "CREATE TABLE t AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 300000) i;"
                + "DO $$ BEGIN CREATE ROLE narrow LOGIN CONNECTION LIMIT 2; EXCEPTION WHEN duplicate_object THEN NULL;"
                + " END $$; GRANT SELECT ON t TO narrow";
        source.run(table);
        target.run(table);
        assertThat(only(verify(VerifyOptions.of(source.as("narrow"), target))).verdict())
                .isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void no_more_connections_than_jobs() {
        String table = "CREATE TABLE %s AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 100000) i";
        for (String name : List.of("a", "b", "c")) {
            source.run(table.formatted(name));
            target.run(table.formatted(name));
        }
        AtomicInteger most = new AtomicInteger();
        String counting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgrehearse' AND datname = '"
                + source.name() + "'";
        Progress watcher = state -> most.accumulateAndGet(Integer.parseInt(source.value(counting)), Math::max);
        verify(VerifyOptions.of(source, target).withJobs(2), watcher);
        assertThat(most.get()).isBetween(1, 2);
    }
}
