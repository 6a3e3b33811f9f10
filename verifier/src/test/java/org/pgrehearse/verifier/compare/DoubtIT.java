package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.snapshot.Timeouts;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Doubt is never called agreement. */
@ExtendWith(Servers.class)
final class DoubtIT {
    private final Database source;
    private final Database target;

    DoubtIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    private void onBoth(String sql) {
        source.run(sql);
        target.run(sql);
    }

    @Test
    void zero_tables_are_inconclusive() {
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(verification.tables()).isEmpty();
        assertThat(verification.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_table_without_permission_is_inconclusive_and_the_others_are_compared() {
        onBoth("CREATE TABLE closed (id int PRIMARY KEY); CREATE TABLE open (id int PRIMARY KEY);"
                + "DO $$ BEGIN CREATE ROLE verifying LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT SELECT ON open TO verifying");
        Verification verification = verify(VerifyOptions.of(source.as("verifying"), target));
        TableComparison closed = table(verification, "public.closed");
        assertThat(closed.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(closed.reason())
                .isEqualTo("Cannot read table public.closed on source: permission denied for table closed (42501)."
                        + " Grant the missing privilege (or BYPASSRLS) to the verifying role and run again.");
        assertThat(table(verification, "public.open").verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(verification.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void row_level_security_is_inconclusive() {
        onBoth("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
                + "DO $$ BEGIN CREATE ROLE verifying LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT SELECT ON t TO verifying; CREATE POLICY p ON t USING (id > 1); INSERT INTO t VALUES (1)");
        TableComparison table = only(verify(VerifyOptions.of(source, target.as("verifying"))));
        assertThat(table.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(table.reason()).contains("on target").contains("row-level security");
    }

    @Test
    void a_lock_is_not_waited_for_without_end() throws SQLException {
        onBoth("CREATE TABLE locked (id int PRIMARY KEY); CREATE TABLE free (id int PRIMARY KEY)");
        try (Connection holder = target.open();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
            Timeouts timeouts = new Timeouts(
                    Duration.ofMinutes(1),
                    Duration.ofMillis(200),
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    Duration.ZERO);
            Verification verification = verify(VerifyOptions.of(source, target).withTimeouts(timeouts));
            assertThat(table(verification, "public.locked").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(table(verification, "public.locked").reason()).contains("(55P03)");
            assertThat(table(verification, "public.free").verdict()).isEqualTo(Verdict.CONSISTENT);
        }
    }

    @Test
    void a_timeout_is_inconclusive() throws SQLException {
        onBoth("CREATE TABLE slow (id int PRIMARY KEY)");
        Timeouts timeouts = new Timeouts(
                Duration.ofSeconds(3),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ZERO);
        try (Connection holder = target.open();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE slow IN ACCESS EXCLUSIVE MODE");
            Verification verification = verify(VerifyOptions.of(source, target)
                    .withSelection(Selection.of(List.of("slow"), List.of(), List.of()))
                    .withTimeouts(timeouts));
            assertThat(only(verification).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(only(verification).reason()).contains("(57014)");
            holder.rollback();
        }
    }

    @Test
    void killed_backends_are_inconclusive() {
        onBoth("CREATE TABLE t AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 400000) i");
        AtomicBoolean killed = new AtomicBoolean();
        Progress killer = state -> {
            if (state.tablesTotal() > 0 && killed.compareAndSet(false, true)) {
                target.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()");
            }
        };
        Verification verification = verify(VerifyOptions.of(source, target), killer);
        assertThat(killed).isTrue();
        assertThat(verification.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(only(verification).reason())
                .startsWith("Cannot read table public.t on target: ")
                .contains("(57P01)")
                .endsWith("Find out why the connection was lost and run again.");
    }

    @Test
    void a_missing_table_is_divergent_and_an_unexpected_one_counts_by_its_rows() {
        source.run("CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE lost (id int PRIMARY KEY)");
        target.run("CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE extra (id int PRIMARY KEY)");
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(table(verification, "public.lost").verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(table(verification, "public.extra").verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(verification.catalog())
                .extracting(finding -> finding.kind() + " " + finding.object())
                .containsExactlyInAnyOrder("MISSING table public.lost", "UNEXPECTED table public.extra");
        target.run("INSERT INTO extra VALUES (1)");
        assertThat(table(verify(VerifyOptions.of(source, target)), "public.extra")
                        .unexpected())
                .isEqualTo(1);
    }

    @Test
    void a_column_that_one_side_lacks_is_not_passed_over() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY)");
        target.run("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY, b int)");
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(table(verification, "public.t").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(table(verification, "public.u").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(table(verification, "public.u").reason()).contains("b (only on the target)");
        assertThat(verification.verdict()).isEqualTo(Verdict.DIVERGENT);
    }

    @Test
    void a_server_that_cannot_be_reached_is_one_clear_exception() {
        Database nowhere = new Database(1, "app", "postgres");
        assertThatThrownBy(() -> new Verifier().verify(VerifyOptions.of(source, nowhere), Progress.NONE))
                .isInstanceOf(CannotConnectException.class)
                .hasMessageStartingWith("Cannot connect to the target at postgresql://127.0.0.1:1/app: ");
    }

    @Test
    void a_pattern_that_matches_nothing_is_refused() {
        onBoth("CREATE TABLE t (id int PRIMARY KEY)");
        VerifyOptions options = VerifyOptions.of(source, target)
                .withSelection(Selection.of(List.of("public.x*"), List.of(), List.of()));
        assertThatThrownBy(() -> new Verifier().verify(options, Progress.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("public.x*");
    }

    @Test
    void an_interrupt_ends_the_servers_work() throws InterruptedException {
        onBoth("CREATE TABLE t AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 600000) i");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                new Verifier().verify(VerifyOptions.of(source, target).withJobs(1), Progress.NONE);
            } catch (CannotConnectException | InterruptedException e) {
                thrown.set(e);
            }
        });
        thread.start();
        String working = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgrehearse' AND datname = '"
                + source.name() + "'";
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(20))
                .until(() -> source.value(working), count -> !count.equals("0"));
        thread.interrupt();
        thread.join(Duration.ofSeconds(20));
        assertThat(thread.isAlive()).isFalse();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(20))
                .until(() -> source.value(working), count -> count.equals("0"));
    }

    @Test
    void what_is_not_read_while_the_snapshot_may_be_held_is_inconclusive() throws Exception {
        source.run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)");
        target.run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)");
        AtomicLong nanos = new AtomicLong();
        Verification verification = new Verifier(Clock.systemUTC(), nanos::get)
                .verify(VerifyOptions.of(source, target).withJobs(1), state -> {
                    if (state.tablesTotal() == 2) {
                        nanos.set(Duration.ofHours(13).toNanos());
                    }
                });
        assertThat(verification.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verification.tables())
                .hasSize(2)
                .allSatisfy(table -> assertThat(table.reason())
                        .contains("the snapshot was held for 43200 s, the longest time allowed", "--resume"));
    }
}
