package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.scenarios.workload.OwnScripts.mix;
import static org.pgrehearse.scenarios.workload.OwnScripts.number;
import static org.pgrehearse.scenarios.workload.OwnScripts.run;
import static org.pgrehearse.scenarios.workload.OwnScripts.scripts;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.topology.TestServer;

/** pgbench's scripts under the load, on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScriptsIT {
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final List<Builtin> SCRIPTED =
            List.of(Builtin.TPCB, Builtin.TPCC, Builtin.BANK, Builtin.COUNTERS, Builtin.QUEUE);

    private static final Set<String> READING = Set.of("tpcc-order-status", "tpcc-stock-level");

    private TestServer source;

    @BeforeAll
    void startServer() throws Exception {
        source = TestServer.start(Side.SOURCE);
        for (Builtin builtin : SCRIPTED) {
            source.execute(builtin.schema());
            source.execute(builtin.data(1));
        }
        source.execute("CREATE TABLE results (token bigserial, what text, n numeric)");
    }

    @AfterAll
    void stopServer() throws Exception {
        source.close();
    }

    @Test
    void every_builtin_is_acknowledged_in_every_mode_and_its_ledger_is_complete() throws Exception {
        for (QueryMode mode : QueryMode.values()) {
            for (Builtin builtin : SCRIPTED) {
                try (Stage stage = Stage.on(source)) {
                    List<Event.Operation> operations = run(stage, mix(builtin, mode));
                    assertThat(operations)
                            .as(builtin + " " + mode)
                            .isNotEmpty()
                            .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED
                                    && each.write() != READING.contains(each.transaction())
                                    && each.side() == Side.SOURCE
                                    && each.transaction().startsWith(builtin.label()));
                    assertThat(source.tokens())
                            .containsExactlyInAnyOrderElementsOf(operations.stream()
                                    .filter(Event.Operation::write)
                                    .map(Event.Operation::token)
                                    .toList());
                }
            }
        }
        assertThat(number(source, "SELECT sum(balance) FROM bank_accounts")).isEqualTo(1_000_000);
        assertThat(number(source, "SELECT sum(abalance) FROM pgbench_accounts"))
                .isEqualTo(number(source, "SELECT sum(delta) FROM pgbench_history"))
                .isEqualTo(number(source, "SELECT sum(tbalance) FROM pgbench_tellers"))
                .isEqualTo(number(source, "SELECT sum(bbalance) FROM pgbench_branches"));
    }

    @Test
    void the_keys_of_deleted_and_inserted_rows_are_recorded_with_their_write_in_every_mode() throws Exception {
        for (QueryMode mode : QueryMode.values()) {
            source.execute("DROP TABLE IF EXISTS jobs");
            source.execute("CREATE TABLE jobs (id bigserial PRIMARY KEY)");
            try (Stage stage = Stage.on(source)) {
                run(stage, scripts("jobs", """
                                \\set coming random(0, 1)
                                BEGIN;
                                \\if :coming
                                INSERT INTO jobs DEFAULT VALUES RETURNING id;
                                \\else
                                DELETE FROM jobs WHERE id = (SELECT min(id) FROM jobs) RETURNING id;
                                \\endif
                                COMMIT;
                                """, mode).keysOf("jobs"));
                List<Event.KeysWritten> written = stage.journal.events(Event.KeysWritten.class);
                List<String> inserted = keys(written, Event.KeysWritten::inserted);
                List<String> deleted = keys(written, Event.KeysWritten::deleted);
                assertThat(deleted).as(mode.toString()).isNotEmpty().doesNotHaveDuplicates();
                assertThat(inserted).containsAll(deleted);
                assertThat(number(source, "SELECT count(*) FROM jobs")).isEqualTo(inserted.size() - deleted.size());
                assertThat(stage.journal.tokens(Outcome.ACKNOWLEDGED))
                        .containsAll(
                                written.stream().map(Event.KeysWritten::token).toList());
            }
        }
    }

    private static List<String> keys(
            List<Event.KeysWritten> written, Function<Event.KeysWritten, List<List<String>>> which) {
        return written.stream()
                .flatMap(each -> which.apply(each).stream())
                .map(List::getFirst)
                .toList();
    }

    @Test
    void what_a_failing_script_did_is_undone_with_its_ledger() throws Exception {
        source.execute("TRUNCATE results");
        try (Stage stage = Stage.on(source)) {
            List<Event.Operation> operations = run(stage, scripts("odd", """
                            \\set n random(0, 1)
                            BEGIN;
                            INSERT INTO results (what, n) VALUES ('odd', :n);
                            SELECT 1 / :n;
                            COMMIT;
                            """, QueryMode.SIMPLE));
            assertThat(operations)
                    .anyMatch(each -> each.outcome() == Outcome.FAILED && "22012".equals(each.sqlState()));
            assertThat(operations).anyMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
            assertThat(source.tokens()).containsExactlyInAnyOrderElementsOf(stage.journal.tokens(Outcome.ACKNOWLEDGED));
            assertThat(number(source, "SELECT count(*) FROM results"))
                    .isEqualTo(stage.journal.tokens(Outcome.ACKNOWLEDGED).size());
        }
    }

    @Test
    void branches_variables_and_kept_rows_work_in_every_mode() throws Exception {
        for (QueryMode mode : QueryMode.values()) {
            source.execute("TRUNCATE results");
            try (Stage stage = Stage.on(source)) {
                run(
                        stage,
                        scripts(
                                "branches",
                                """
                        \\set n 4
                        BEGIN;
                        SELECT 40 + :n AS sum, 'a?b' AS text \\gset got_
                        SELECT 5 AS last UNION ALL SELECT 6 \\aset
                        \\if :got_sum > 100
                        INSERT INTO results (what, n) VALUES ('wrong', 1);
                        \\elif :got_sum = 44
                        \\sleep 1 ms
                        INSERT INTO results (what, n)
                            VALUES (CASE
                                WHEN '{"k": 1}'::jsonb ? 'k' THEN :got_text ELSE '' END, :got_sum::int + :last::int);
                        \\else
                        INSERT INTO results (what, n) VALUES ('wrong', 2);
                        \\endif
                        COMMIT;
                        """.replace(":got_text", mode == QueryMode.SIMPLE ? "':got_text'" : ":got_text"),
                                mode));
                assertThat(stage.journal.operations(Outcome.FAILED)).isEmpty();
                assertThat(number(source, "SELECT count(*) FROM results WHERE what = 'a?b' AND n = 50"))
                        .as(mode.name())
                        .isPositive()
                        .isEqualTo(number(source, "SELECT count(*) FROM results"));
            }
        }
    }

    @Test
    void statements_without_begin_are_proven_only_when_they_are_wrapped() throws Exception {
        source.execute("TRUNCATE results");
        Script script = Script.parse("bare", "INSERT INTO results (what, n) VALUES ('bare', 1);");
        for (boolean wrap : new boolean[] {true, false}) {
            Scripts scripts = Scripts.of(script, wrap, QueryMode.PREPARED, Map.of());
            assertThat(scripts.doubt().isEmpty()).isEqualTo(wrap);
            try (Stage stage = Stage.on(source)) {
                List<Event.Operation> operations = run(stage, scripts);
                assertThat(operations)
                        .isNotEmpty()
                        .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED
                                && each.write() == wrap
                                && each.side() == Side.SOURCE);
                assertThat(source.tokens()).hasSize(wrap ? operations.size() : 0);
            }
        }
    }

    @Test
    void a_script_with_several_transactions_runs_as_it_is_and_leaves_none_open() throws Exception {
        source.execute("TRUNCATE results");
        try (Stage stage = Stage.on(source)) {
            List<Event.Operation> operations = run(stage, scripts("several", """
                    BEGIN; INSERT INTO results (what, n) VALUES ('first', 1); COMMIT;
                    BEGIN; INSERT INTO results (what, n) VALUES ('second', 1); ROLLBACK;
                    BEGIN; INSERT INTO results (what, n) VALUES ('open', 1);
                    """, QueryMode.SIMPLE));
            assertThat(operations).isNotEmpty().allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
            assertThat(number(source, "SELECT count(*) FROM results WHERE what = 'first'"))
                    .isEqualTo(operations.size());
            assertThat(number(source, "SELECT count(*) FROM results WHERE what <> 'first'"))
                    .isZero();
        }
    }

    @Test
    void a_write_without_a_ledger_waits_while_writes_are_paused() throws Exception {
        source.execute("TRUNCATE results");
        try (Stage stage = Stage.on(source)) {
            stage.application.route().pauseWrites();
            Load load =
                    stage.load(50, scripts("bare", "INSERT INTO results (what, n) VALUES ('x', 1);", QueryMode.SIMPLE));
            stage.goOn(Duration.ofSeconds(1));
            assertThat(number(source, "SELECT count(*) FROM results")).isZero();
            stage.application.route().resumeWrites();
            load.stop(DRAIN);
            assertThat(number(source, "SELECT count(*) FROM results")).isPositive();
        }
    }

    @Test
    void serialization_failures_are_tried_again_only_when_the_plan_says_so() throws Exception {
        String hot = "BEGIN; SELECT n FROM counters WHERE id = 1;\n\\sleep 40 ms\n"
                + "UPDATE counters SET n = n + 1 WHERE id = 1; COMMIT;";
        Map<Retry, Integer> committed = new EnumMap<>(Retry.class);
        for (Retry retry : List.of(Retry.NONE, Retry.SERIALIZATION)) {
            source.execute("UPDATE counters SET n = 0 WHERE id = 1");
            try (Stage stage = Stage.on(source)) {
                LoadPlan plan = LoadPlan.perSecond(60).with(LoadPlan.Curve.NONE, Isolation.REPEATABLE_READ, retry);
                Load load = Load.start(
                        plan,
                        scripts("hot", hot, QueryMode.SIMPLE),
                        List.of(stage.application),
                        stage.tokens,
                        stage.journal,
                        3);
                stage.goOn(Duration.ofMillis(400)); // two and more at once, on the same row
                load.stop(DRAIN);
                int acknowledged = stage.journal.tokens(Outcome.ACKNOWLEDGED).size();
                assertThat(number(source, "SELECT n FROM counters WHERE id = 1"))
                        .isEqualTo(acknowledged);
                assertThat(source.tokens()).hasSize(acknowledged);
                long refused = stage.journal.operations(Outcome.FAILED).stream()
                        .filter(each -> "40001".equals(each.sqlState()))
                        .count();
                if (retry == Retry.NONE) {
                    assertThat(refused).isPositive();
                }
                assertThat(stage.journal.events(Event.Remark.class))
                        .hasSize(retry == Retry.NONE ? 0 : 1)
                        .allMatch(each -> each.text()
                                .matches("The load hot tried writes again \\d+ times \\(retry: serialization\\)\\."));
                committed.put(retry, acknowledged);
            }
        }
        assertThat(committed.get(Retry.SERIALIZATION)).isGreaterThan(committed.get(Retry.NONE));
    }
}
