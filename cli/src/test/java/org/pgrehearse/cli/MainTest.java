package org.pgrehearse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.JournalWriter;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.RunClock;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.Catalogue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exit codes and messages of the command line, as far as they need no server. */
final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void the_catalogue_is_listed_with_a_line_each() {
        assertThat(run("list")).isZero();
        assertThat(out.toString().lines()).hasSameSizeAs(Catalogue.names());
        assertThat(out.toString())
                .contains("logical-cutover", "textbook-cutover", "null-run", "known-outage", "unknown-commits");
    }

    @Test
    void sql_in_place_of_a_scenario_becomes_one() throws IOException {
        Path file = Files.writeString(folder.resolve("add it's.sql"), "ALTER TABLE shop.orders ADD channel text;");

        assertThat(run("run", file.toString(), "--explain")).isZero();
        assertThat(out.toString()).contains("sql-add-it-s", "scripts", "add it's.sql");
        assertThat(run("run", folder.toString(), "--explain")).isZero();
        assertThat(out.toString()).contains(String.valueOf(folder.getFileName()));
    }

    @Test
    void a_scenario_of_the_catalogue_is_printed() {
        assertThat(run("list", "null-run")).isZero();
        assertThat(out).hasToString(Catalogue.yaml("null-run").orElseThrow());
    }

    @Test
    void an_explanation_names_servers_steps_and_ways_back_and_starts_nothing() throws IOException {
        Path file = Files.writeString(folder.resolve("own.yaml"), """
                name: own
                environment: {source: 14, target: 18}
                guard: [write-downtime < 3s in cutover]
                runbook:
                  - phase: cutover
                    steps:
                      - exec: {command: [./repoint, "new: one"], back: [exec: {shell: ./repoint old}]}
                expect: [lost-writes = 0]
                """);
        assertThat(run("run", file.toString(), "--explain")).isZero();
        assertThat(out.toString()).isEqualTo("""
                scenario: own
                servers:
                - side: source
                  environment: embedded
                  postgresql: 14
                - side: target
                  environment: embedded
                  postgresql: 18
                migration: none
                guards:
                - write-downtime < 3s in cutover
                steps:
                - phase: cutover
                  step: exec
                  arguments:
                    on: source
                    command:
                    - ./repoint
                    - 'new: one'
                  does: Run a program
                  back:
                  - step: exec
                    arguments:
                      on: source
                      shell: ./repoint old
                    does: Run a program
                    back: []
                """);
        assertThat(err.toString()).isEmpty();
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void an_explanation_in_json_is_json() {
        assertThat(run("run", "logical-cutover", "--explain", "--format", "json"))
                .isZero();
        JsonNode data = JsonMapper.shared().readTree(out.toString());
        assertThat(data.at("/servers/1/postgresql").asInt()).isEqualTo(17);
        assertThat(data.at("/steps/3/step").asString()).isEqualTo("wait-for-copy");
        assertThat(data.at("/steps/3/arguments/deadline").asString()).isEqualTo("90s");
    }

    @Test
    void an_unknown_scenario_is_a_usage_error_with_a_hint() {
        assertThat(run("run", "logical-cutovr")).isEqualTo(64);
        assertThat(err).hasToString("Cannot find a scenario \"logical-cutovr\". Did you mean \"logical-cutover\"?\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_wrong_key_is_a_usage_error_with_its_line() throws IOException {
        Path file =
                Files.writeString(folder.resolve("wrong.yaml"), "name: wrong\nlod: {}\nexpect: [lost-writes = 0]\n");
        assertThat(run("run", file.toString())).isEqualTo(64);
        assertThat(err).hasToString(file + ":2: lod: is not a known key; did you mean \"load\"?\n");
    }

    @Test
    void an_expectation_that_nobody_knows_is_a_usage_error() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "name: wrong\nexpect:\n  - lost-wirtes = 0\n");
        assertThat(run("run", file.toString())).isEqualTo(64);
        assertThat(err.toString()).startsWith(file + ":3: expect[0]: ");
    }

    @Test
    void a_wrong_option_is_a_usage_error() {
        assertThat(run("run", "null-run", "--sede")).isEqualTo(64);
        assertThat(err.toString()).contains("Unknown option: '--sede'").contains("Possible solutions: --seed");
        assertThat(run("nonsense")).isEqualTo(64);
        assertThat(run()).isEqualTo(64);
    }

    @Test
    void a_folder_that_is_not_empty_is_not_overwritten() throws IOException {
        Files.writeString(folder.resolve("earlier"), "result");
        assertThat(run("run", "null-run", "--out", folder.toString())).isEqualTo(64);
        assertThat(err).hasToString("Cannot write results into " + folder + ": it is not empty. Name a new folder.\n");
    }

    @Test
    void a_history_without_transactions_is_refused_with_what_to_do_and_one_with_them_is_written() throws IOException {
        record(new Event.Remark(1, "nothing"));
        Path history = folder.resolve("history.jsonl");
        assertThat(run("report", folder.toString(), "--history", history.toString()))
                .isEqualTo(64);
        assertThat(err.toString()).contains("Cannot write a history of list-append", "Name another --history-model");
        record(new Event.Transaction(
                3,
                "lists",
                1,
                1,
                1,
                3,
                Outcome.ACKNOWLEDGED,
                Side.SOURCE,
                Isolation.SERIALIZABLE,
                List.of(new Action.Append(1, 2))));
        assertThat(run("report", folder.toString(), "--history", history.toString()))
                .isEqualTo(2);
        assertThat(Files.readAllLines(history)).hasSize(2).last().asString().contains("\"type\":\"ok\"");
    }

    private void record(Event event) {
        try (JournalWriter writer = new JournalWriter(folder.resolve("journal.jsonl.gz"), RunClock.startedNow())) {
            writer.record(event);
        }
    }

    @Test
    void a_folder_without_a_run_cannot_be_reported() {
        assertThat(run("report", folder.toString())).isEqualTo(64);
        assertThat(err)
                .hasToString("Cannot find a run in " + folder
                        + ": it holds no journal.jsonl.gz. Name the folder of a run.\n");
    }

    @Test
    void a_server_that_cannot_be_reached_is_inconclusive() {
        String nowhere = "postgresql://nobody:secret-word@127.0.0.1:1/none?connect_timeout=2";
        assertThat(run("verify", "--source", nowhere, "--target", nowhere)).isEqualTo(2);
        assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("secret-word");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_connection_string_that_cannot_be_understood_is_a_usage_error() {
        assertThat(run("verify", "--source", "postgresql://h:port/db", "--target", "dbname=x"))
                .isEqualTo(64);
    }

    @Test
    void a_column_map_that_cannot_be_understood_is_a_usage_error() {
        String nowhere = "postgresql://127.0.0.1:1/none?connect_timeout=2";
        assertThat(run("verify", "--source", nowhere, "--target", nowhere, "--map-column", "public.t.a"))
                .isEqualTo(64);
        assertThat(err.toString()).startsWith("Cannot read the column map public.t.a.");
        assertThat(run("verify", "--source", nowhere, "--target", nowhere, "--map", "a.*=b.c"))
                .isEqualTo(64);
    }

    @Test
    void help_names_the_exit_codes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Exit codes:").contains("2   inconclusive");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("pgrehearse " + Version.current());
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
