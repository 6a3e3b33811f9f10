package org.pgrehearse.verifier.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.Live;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** A source of version 15 under load, and a target of version 17 that subscribes to it. */
@ExtendWith(Servers.class)
final class LiveIT {
    private static final int RUNS = 4;
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Database source;
    private final Database target;

    LiveIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    @BeforeEach
    void subscribe() {
        String tables = "CREATE TABLE hot (id bigint PRIMARY KEY, v int, note text);"
                + "CREATE TABLE split (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);"
                + "CREATE TABLE low PARTITION OF split FOR VALUES FROM (MINVALUE) TO (500);"
                + "CREATE TABLE high PARTITION OF split FOR VALUES FROM (500) TO (MAXVALUE);"
                + "CREATE TABLE log (note text); ALTER TABLE log REPLICA IDENTITY FULL;";
        source.run(tables + "INSERT INTO hot SELECT i, i, md5(i::text) FROM generate_series(1, 30000) i;"
                + "INSERT INTO split SELECT i, i FROM generate_series(1, 1000) i;"
                + "CREATE PUBLICATION moved FOR ALL TABLES");
        target.run(tables);
        target.run("CREATE SUBSCRIPTION " + target.name() + " CONNECTION 'host=127.0.0.1 port=" + source.port()
                + " user=postgres dbname=" + source.name() + "' PUBLICATION moved");
        await().atMost(LONG)
                .until(() -> target.value("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'")
                        .equals("0"));
    }

    @AfterEach
    void unsubscribe() {
        target.run("DROP SUBSCRIPTION " + target.name());
    }

    @Test
    void under_load_nothing_is_reported_but_the_planted_differences() throws InterruptedException {
        try (LiveLoad load = LiveLoad.start(source)) {
            long moved = 0;
            for (int run = 0; run < RUNS; run++) {
                Verification found = live(target);
                assertThat(found.tables())
                        .allSatisfy(table -> assertThat(table.differences())
                                .as(table.source())
                                .isEmpty());
                assertThat(found.verdict()).isNotEqualTo(Verdict.DIVERGENT);
                Live told = Objects.requireNonNull(found.live());
                moved += told.rounds() - 1 + told.unresolved();
                assertThat(Lsn.of(told.toLsn())).isGreaterThanOrEqualTo(Lsn.of(told.fromLsn()));
            }
            assertThat(moved).as("differences on the way").isPositive();
            target.run("UPDATE hot SET note = 'planted' WHERE id = 29001; DELETE FROM hot WHERE id = 29002;"
                    + "INSERT INTO hot VALUES (900000001, 1, 'planted'); UPDATE split SET v = -1 WHERE id = 999");
            Verification found = live(target);
            assertThat(found.verdict()).isEqualTo(Verdict.DIVERGENT);
            assertThat(keys(table(found, "public.hot")))
                    .containsExactlyInAnyOrder("changed 29001", "missing 29002", "unexpected 900000001");
            assertThat(keys(table(found, "public.split"))).containsExactly("changed 999");
            assertThat(load.operations()).isGreaterThan(1_000);
        }
        String end = source.value("SELECT pg_current_wal_lsn()");
        await().atMost(LONG)
                .until(() -> source.value("SELECT replay_lsn >= '" + end + "' FROM pg_stat_replication r"
                                + " JOIN pg_replication_slots s ON s.active_pid = r.pid WHERE slot_name = '"
                                + target.name() + "'")
                        .equals("t"));
        Verification quiet = still();
        assertThat(keys(table(quiet, "public.hot")))
                .containsExactlyInAnyOrder("changed 29001", "missing 29002", "unexpected 900000001");
        assertThat(keys(table(quiet, "public.split"))).containsExactly("changed 999");
        assertThat(table(quiet, "public.log").verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void a_quiet_pair_is_consistent_and_leaves_no_slot() {
        Verification found = live(target);
        assertThat(found.verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("INSERT INTO log VALUES ('planted')");
        assertThat(table(live(target), "public.log").verdict()).isEqualTo(Verdict.DIVERGENT);
        await().atMost(LONG)
                .until(() -> source.value(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'pgrehearse%'")
                        .equals("0"));
    }

    @Test
    void what_cannot_be_compared_live_is_refused_with_the_reason() {
        assertThatThrownBy(() -> verify(target, source)).hasMessageContaining("no subscription of the target uses");
        source.run("DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        assertThatThrownBy(() -> verify(source.as("plain"), target)).hasMessageContaining("Grant it REPLICATION");
        target.run("ALTER SUBSCRIPTION " + target.name() + " DISABLE");
        assertThatThrownBy(() -> verify(source, target))
                .isInstanceOf(NotLiveException.class)
                .hasMessageContaining("is disabled");
    }

    @Test
    void a_target_that_does_not_keep_up_is_waited_for_and_no_longer() {
        // The worker waits for the lock, so that nothing of the source's snapshot arrives.
        try (Connection holder = target.open();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE hot IN EXCLUSIVE MODE");
            source.run("UPDATE hot SET v = 0 WHERE id = 5");
            assertThatThrownBy(() -> new LiveVerifier(new LiveOptions(Duration.ofSeconds(10), 1))
                            .verify(VerifyOptions.of(source, target), Progress.NONE))
                    .isInstanceOf(NotLiveException.class)
                    .hasMessageContaining("has not applied");
            holder.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(live(target).verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    private Verification live(Database to) {
        try {
            return verify(source, to);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Verification verify(Database from, Database to) throws Exception {
        return new LiveVerifier(LiveOptions.defaults())
                .verify(VerifyOptions.of(from, to).withJobs(2), Progress.NONE);
    }

    private Verification still() {
        try {
            return new Verifier().verify(VerifyOptions.of(source, target), Progress.NONE);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static TableComparison table(Verification verification, String name) {
        return verification.tables().stream()
                .filter(table -> table.source().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> keys(TableComparison table) {
        return table.differences().stream()
                .map(difference -> switch (difference) {
                    case RowDifference.Missing row -> "missing " + id(row.key());
                    case RowDifference.Unexpected row -> "unexpected " + id(row.key());
                    case RowDifference.Changed row -> "changed " + id(row.key());
                    case RowDifference.Occurrences row -> "occurrences " + row.row();
                })
                .toList();
    }

    private static String id(List<Cell> key) {
        return String.valueOf(key.getFirst().value());
    }
}
