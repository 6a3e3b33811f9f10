package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.RunbookStage;

/** The user's own steps on real servers and with real programs: forward, late, and back. */
final class OwnStepsIT extends RunbookStage {
    private static final Duration SOON = Duration.ofSeconds(10);

    @BeforeEach
    void clear() throws SQLException {
        Sql.run(environment.source(), "DROP TABLE IF EXISTS note", "CREATE TABLE note (text text, by text)");
        Sql.run(environment.target(), "DROP TABLE IF EXISTS note", "CREATE TABLE note (text text, by text)");
        Sql.run(environment.source(), "GRANT INSERT ON note TO shop_web");
    }

    @Test
    void statements_run_on_the_side_as_the_role_and_in_the_database_that_the_step_names()
            throws IOException, InvalidScenario, InterruptedException, SQLException {
        Files.writeString(folder.resolve("two.sql"), "INSERT INTO note VALUES ('a;b', $$x$$);\nSELECT 1;");

        Runbook.Result result = run("""
                - sql: {on: source, text: "INSERT INTO note VALUES ('one', current_user)", role: shop_web}
                - sql: {on: target, file: two.sql}
                - sql: {on: target, text: "COMMENT ON DATABASE postgres IS 'seen'", database: postgres}
                """);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(value(environment.source(), "SELECT text || ' ' || by FROM note"))
                .hasValue("one shop_web");
        assertThat(value(environment.target(), "SELECT text || ' ' || by FROM note"))
                .hasValue("a;b x");
    }

    @Test
    void a_role_that_may_not_write_fails_the_step() throws InvalidScenario, InterruptedException {
        Runbook.Result result = run("- sql: {on: target, text: DELETE FROM note, role: shop_web}\n");

        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail()).contains("permission denied");
    }

    @Test
    void psql_stops_at_the_first_error_and_gets_its_variables()
            throws IOException, InvalidScenario, InterruptedException, SQLException {
        Files.writeString(folder.resolve("good.sql"), "INSERT INTO note VALUES (:'word', current_user);\n");
        Files.writeString(folder.resolve("bad.sql"), "SELECT 1/0;\nINSERT INTO note VALUES ('never');\n");

        Runbook.Result result = run("""
                - psql: {on: target, file: good.sql, variables: ["word=it''s"]}
                - psql: {on: target, file: bad.sql}
                """);

        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail()).contains("division by zero").contains("psql-2.err");
        assertThat(value(environment.target(), "SELECT string_agg(text, ',') FROM note"))
                .hasValue("it''s");
    }

    @Test
    void a_machine_without_psql_decides_nothing_and_says_how_to_get_it()
            throws IOException, InvalidScenario, InterruptedException {
        rig = rig.withoutPrograms();
        Files.writeString(folder.resolve("good.sql"), "SELECT 1;\n");

        for (String step : List.of("psql: {on: target, file: good.sql}", "scripts: {on: target, path: good.sql}")) {
            Runbook.Result result = run("- " + step + "\n");

            assertThat(result.ending()).isEqualTo(Ending.BROKEN);
            assertThat(result.detail()).contains("Cannot find psql", "apt-get install postgresql-client");
        }
    }

    @Test
    void tables_of_one_database_are_compared_row_by_row() throws InvalidScenario, InterruptedException, SQLException {
        Sql.run(
                environment.source(),
                "DROP TABLE IF EXISTS one, other",
                "CREATE TABLE one (id int PRIMARY KEY, note text)",
                "CREATE TABLE other (id bigint PRIMARY KEY, remark text, extra int)",
                "INSERT INTO one SELECT n, 'note ' || n FROM generate_series(1, 1000) n",
                "INSERT INTO other SELECT id, note FROM one");
        String step = "- compare: {on: source, map: public.one=public.other,"
                + " map-column: public.one.note=public.other.remark, ignore-column: public.other.extra}\n";

        assertThat(run(step)).isEqualTo(new Runbook.Result(Ending.COMPLETED, ""));
        assertThat(rig.memory().events(Event.StepEnded.class).getLast().detail())
                .isEqualTo("public.one and public.other hold the same 1000 rows");

        Sql.run(
                environment.source(),
                "DELETE FROM other WHERE id = 5",
                "UPDATE one SET note = NULL WHERE id = 7",
                "INSERT INTO other VALUES (4711, 'more')");
        Runbook.Result different = run(step);

        assertThat(different.ending()).isEqualTo(Ending.ABORTED);
        assertThat(different.detail())
                .contains("1 are missing in the second, 1 are only in the second, 1 have other values")
                .contains("id 5 is missing", "id 4711 is only in the second", "null and note 7");
        assertThat(run("- compare: {on: source, map: public.one=public.none}\n").detail())
                .contains("Cannot map public.none");
    }

    @Test
    void a_program_finds_both_servers_and_what_it_writes_is_kept()
            throws IOException, InvalidScenario, InterruptedException {
        Runbook.Result result = run("""
                - exec:
                    on: target
                    shell: |
                      pwd; echo $PGHOST:$PGPORT $EXTRA; psql -XAtc 'SHOW port'
                      psql -XAt $PGREHEARSE_SOURCE -c 'SHOW port'
                    env: [EXTRA=a=b]
                - exec: {command: [sh, -c, "echo to-stderr >&2"]}
                """);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        String target = Integer.toString(environment.target().port());
        assertThat(Files.readString(folder.resolve("outputs/exec-1.out")).lines())
                .containsExactly(
                        folder.toRealPath().toString(),
                        "127.0.0.1:" + target + " a=b",
                        target,
                        Integer.toString(environment.source().port()));
        assertThat(Files.readString(folder.resolve("outputs/exec-2.err"))).isEqualTo("to-stderr\n");
        assertThat(rig.memory().events(Event.StepEnded.class).getLast().detail())
                .startsWith("it wrote: to-stderr");
    }

    @Test
    void a_program_that_fails_or_is_not_there_fails_its_step() throws InvalidScenario, InterruptedException {
        assertThat(run("- exec: {shell: \"echo bad luck >&2; exit 3\"}\n").detail())
                .contains("sh ended with exit code 3: bad luck.");
        assertThat(run("- exec: {command: no-such-program}\n").detail()).contains("Cannot run no-such-program");
    }

    @Test
    void a_deadline_ends_every_process_of_a_program_even_those_that_left_its_tree()
            throws InvalidScenario, InterruptedException {
        Runbook.Result result = run("""
                - exec: {shell: "sleep 4711 & setsid sleep 4712 & (sleep 4713 &) ; wait", deadline: 700ms}
                """);

        assertThat(result.detail()).contains("its deadline of 700 ms passed");
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .until(() -> ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .noneMatch(line -> line.matches(".*sleep 471[123]")));
    }

    @Test
    void a_deadline_cancels_the_statement_and_its_way_back_is_gone()
            throws InvalidScenario, InterruptedException, SQLException {
        long start = System.nanoTime();
        Runbook.Result result = run("""
                - sql:
                    on: source
                    text: "SELECT pg_sleep(120)"
                    deadline: 400ms
                    back:
                      - sql: {on: source, text: "INSERT INTO note VALUES ('back')"}
                - pause: {for: 1ms}
                """);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail()).startsWith("Step \"sql\" failed: its deadline of 400 ms passed.");
        assertThat(value(environment.source(), "SELECT text FROM note")).hasValue("back");
        assertThat(value(
                        environment.source(),
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(120)%'"
                                + " AND state = 'active'"))
                .hasValue("0");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void ways_back_run_in_reverse_with_the_systems_own_and_only_for_what_was_done()
            throws InvalidScenario, InterruptedException, SQLException {
        Runbook.Result result = run("""
                - sql: {on: source, text: SELECT 1, back: [sql: {on: source, text: "INSERT INTO note VALUES ('1')"}]}
                - pause-writes: {back: [sql: {on: source, text: "INSERT INTO note VALUES ('2')"}]}
                - check:
                    on: source
                    query: SELECT count(*) FROM note
                    is: 7
                    back: [sql: {on: source, text: "INSERT INTO note VALUES ('never')"}]
                """);

        assertThat(result.detail())
                .isEqualTo("Step \"check\" failed: \"SELECT count(*) FROM note\" gives 0 on the source, not 7.");
        assertThat(value(environment.source(), "SELECT string_agg(text, ' ') FROM note"))
                .hasValue("2 1");
        assertThat(rig.asked()).containsExactly("pause", "resume");
        assertThat(rig.memory().events(Event.StepEnded.class))
                .extracting(Event.StepEnded::result)
                .containsExactly(
                        StepResult.DONE,
                        StepResult.DONE,
                        StepResult.FAILED,
                        StepResult.DONE,
                        StepResult.UNDONE,
                        StepResult.DONE);
    }

    @Test
    void a_way_back_that_fails_is_trouble() throws InvalidScenario, InterruptedException {
        run("""
                - pause: {for: 1ms, back: [exec: {shell: exit 9}]}
                - check: {on: source, query: SELECT false}
                """);

        assertThat(rig.memory().events(Event.Trouble.class))
                .extracting(Event.Trouble::message)
                .singleElement()
                .asString()
                .startsWith("Cannot undo step \"pause\": sh ended with exit code 9");
    }

    @Test
    void wait_until_waits_for_the_truth_or_its_deadline() throws InvalidScenario, InterruptedException {
        assertThat(run("- wait-until: {on: target, query: \"SELECT clock_timestamp() > now()\", deadline: 5s}\n")
                        .ending())
                .isEqualTo(Ending.COMPLETED);
        assertThat(run("- wait-until: {on: target, query: SELECT 2, is: 3, deadline: 100ms}\n")
                        .detail())
                .contains("That \"SELECT 2\" is 3 did not happen within 100 ms");
    }

    @Test
    void a_stop_from_outside_ends_the_step_and_nothing_after_it_begins()
            throws InvalidScenario, InterruptedException, SQLException {
        Runbook runbook = OwnRunbook.of("""
                - sql: {on: source, text: "SELECT pg_sleep(60)"}
                - sql: {on: source, text: "INSERT INTO note VALUES ('never')"}
                """);
        Thread stopper = Thread.ofPlatform().start(() -> {
            await().dontCatchUncaughtExceptions()
                    .atMost(SOON)
                    .until(() -> !rig.memory().events(Event.StepStarted.class).isEmpty());
            assertThat(runbook.stop("too slow")).isTrue();
        });

        Runbook.Result result = runbook.run(rig);

        stopper.join();
        assertThat(result).isEqualTo(new Runbook.Result(Ending.ABORTED, "Step \"sql\" failed: too slow"));
        assertThat(value(environment.source(), "SELECT count(*) FROM note")).hasValue("0");
        assertThat(runbook.stop("again")).isFalse();
    }

    private Runbook.Result run(String steps) throws InvalidScenario, InterruptedException {
        return OwnRunbook.of(steps).run(rig);
    }

    private static Optional<String> value(Server server, String query) throws SQLException {
        try (Connection connection = server.admin()) {
            return Sql.value(connection, query);
        }
    }
}
