package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.scenarios.workload.OwnScripts.mix;
import static org.pgrehearse.scenarios.workload.OwnScripts.number;
import static org.pgrehearse.scenarios.workload.OwnScripts.run;
import static org.pgrehearse.scenarios.workload.OwnScripts.scripts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.TestServer;

/** Ready mixes, copies and jobs under the load, on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MixesIT {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private TestServer source;

    @BeforeAll
    void startServer() throws Exception {
        source = TestServer.start(Side.SOURCE);
        for (Builtin builtin : List.of(Builtin.TPCC, Builtin.BANK, Builtin.COUNTERS)) {
            source.execute(builtin.schema());
            source.execute(builtin.data(1));
        }
        source.execute("CREATE TABLE results (what text, n numeric)");
    }

    @AfterAll
    void stopServer() throws Exception {
        source.close();
    }

    @Test
    void an_order_system_is_consistent_under_load_and_every_planted_violation_is_named() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(120, mix(Builtin.TPCC, QueryMode.PREPARED));
            stage.goOn(Duration.ofSeconds(2));
            load.stop(DRAIN);
            assertThat(stage.journal.operations())
                    .extracting(Event.Operation::transaction)
                    .contains(
                            "tpcc-new-order", "tpcc-payment", "tpcc-delivery", "tpcc-order-status", "tpcc-stock-level");
            assertThat(stage.journal.operations()).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        }
        assertThat(violations("SELECT 1")).isEmpty();
        assertThat(violations("UPDATE tpcc_warehouse SET w_ytd = w_ytd + 1"))
                .containsExactly("a warehouse earned another sum than its districts");
        assertThat(violations("DELETE FROM tpcc_history WHERE ctid IN (SELECT ctid FROM tpcc_history LIMIT 1)"))
                .containsExactly("a district earned another sum than its payments");
        assertThat(violations("UPDATE tpcc_district SET d_next_o_id = d_next_o_id + 1 WHERE d_id = 1"))
                .containsExactly("the next number of a district is not the one after its last order");
        assertThat(violations("DELETE FROM tpcc_order_line WHERE ctid IN"
                        + " (SELECT ctid FROM tpcc_order_line WHERE ol_delivery_d IS NULL LIMIT 1)"))
                .containsExactly("the orders of a district count other lines than there are");
        assertThat(violations("DELETE FROM tpcc_new_order WHERE ctid IN (SELECT ctid FROM tpcc_new_order LIMIT 1)"))
                .containsExactly("an order waits although it has a carrier, or the reverse");
        assertThat(violations("INSERT INTO tpcc_new_order VALUES (1, 1, 1000000)"))
                .containsExactly("an order waits that is not there");
        assertThat(violations("UPDATE tpcc_customer SET c_balance = c_balance + 1 WHERE d_id = 2 AND c_id = 3"))
                .containsExactly("a customer owes another sum than was delivered and not paid");
    }

    /** What the view says after a statement that is undone. */
    private List<String> violations(String sql) throws SQLException {
        List<String> violations = new ArrayList<>();
        try (Connection connection = source.admin();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            try (ResultSet rows = statement.executeQuery("SELECT DISTINCT what FROM tpcc_inconsistencies")) {
                while (rows.next()) {
                    violations.add(rows.getString(1));
                }
            }
            connection.rollback();
        }
        return violations;
    }

    @Test
    void a_copy_is_one_write_with_its_ledger_row_and_leaves_nothing_when_it_fails() throws Exception {
        source.execute("CREATE TABLE IF NOT EXISTS readings (batch bigint, n int, note text)");
        for (QueryMode mode : QueryMode.values()) {
            source.execute("TRUNCATE readings");
            try (Stage stage = Stage.on(source)) {
                run(stage, scripts("copying", """
                                \\set batch random(1, 1000000000000)
                                \\set bad random(0, 1)
                                BEGIN;
                                SELECT E'a\\tb\\\\c' AS note, CASE WHEN :bad = 1 THEN 'x' ELSE '7' END AS last \\gset
                                COPY readings (batch, n, note) FROM STDIN;
                                \\rows 5 :batch, :row, :note
                                COPY readings (batch, n, note) FROM STDIN;
                                \\rows 1 :batch, :last, null
                                COMMIT;
                                """, mode));
                int acknowledged = stage.journal.tokens(Outcome.ACKNOWLEDGED).size();
                assertThat(acknowledged).isPositive();
                assertThat(stage.journal.operations(Outcome.FAILED))
                        .isNotEmpty()
                        .allMatch(each -> "22P02".equals(each.sqlState()));
                assertThat(source.tokens())
                        .containsExactlyInAnyOrderElementsOf(stage.journal.tokens(Outcome.ACKNOWLEDGED));
                assertThat(number(source, "SELECT count(*) FROM readings")).isEqualTo(6L * acknowledged);
                assertThat(number(source, "SELECT count(*) FROM readings WHERE note = E'a\\tb\\\\c' AND n <= 5"))
                        .isEqualTo(5L * acknowledged);
                assertThat(number(source, "SELECT count(*) FROM readings WHERE note IS NULL AND n = 7"))
                        .isEqualTo(acknowledged);
            }
        }
    }

    @Test
    void a_copy_of_too_many_rows_fails_and_its_connection_is_used_again() throws Exception {
        source.execute("CREATE TABLE IF NOT EXISTS many (n bigint)");
        try (Stage stage = Stage.on(source)) {
            run(stage, scripts("many", """
                    BEGIN;
                    COPY many FROM STDIN;
                    \\rows 1000001 :row
                    COMMIT;
                    """, QueryMode.SIMPLE));
            assertThat(stage.journal.operations())
                    .isNotEmpty()
                    .allMatch(each -> each.outcome() == Outcome.FAILED)
                    .allMatch(each -> String.valueOf(each.message())
                            .equals("Cannot run many:2: \\rows takes 0 to 1000000 rows, not 1000001."));
        }
    }

    @Test
    void a_script_is_isolated_as_it_says_whatever_the_load_says() throws Exception {
        source.execute("TRUNCATE results");
        String text =
                "BEGIN; INSERT INTO results (what, n) VALUES (current_setting('transaction_isolation'), 1); COMMIT;";
        Scripts own = scripts("own", text, QueryMode.SIMPLE);
        try (Stage stage = Stage.on(source)) {
            run(stage, own.at(Isolation.SERIALIZABLE));
            assertThat(number(source, "SELECT count(*) FROM results WHERE what = 'serializable'"))
                    .isPositive()
                    .isEqualTo(number(source, "SELECT count(*) FROM results"));
            source.execute("TRUNCATE results");
            run(stage, own);
            assertThat(number(source, "SELECT count(*) FROM results WHERE what = 'read committed'"))
                    .isPositive()
                    .isEqualTo(number(source, "SELECT count(*) FROM results"));
        }
    }

    @Test
    void a_job_comes_at_its_intervals_beside_the_load() throws Exception {
        try (Stage stage = Stage.on(source)) {
            String text = "BEGIN; UPDATE counters SET n = n + 0; COMMIT;";
            Load users = stage.load(40, mix(Builtin.BANK, QueryMode.SIMPLE));
            Load job = Load.start(
                    LoadPlan.perSecond(1).each(Duration.ofMillis(300)),
                    scripts("job", text, QueryMode.SIMPLE),
                    List.of(stage.application),
                    stage.tokens,
                    stage.journal,
                    1);
            Loads loads = new Loads(List.of(users, job));
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = loads.stop(DRAIN);
            List<Event.Operation> jobs = stage.journal.operations().stream()
                    .filter(each -> each.transaction().equals("job"))
                    .toList();
            long first = jobs.stream()
                    .mapToLong(Event.Operation::intendedNanos)
                    .min()
                    .orElseThrow();
            assertThat(jobs).hasSizeGreaterThanOrEqualTo(4).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
            assertThat(jobs).allMatch(each -> (each.intendedNanos() - first) % 300_000_000L == 0);
            assertThat(stage.journal.operations()).hasSize((int) arrivals);
            assertThat(loads.gauge().acknowledged()).isEqualTo(arrivals);
        }
    }
}
