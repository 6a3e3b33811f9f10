package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.RunbookStage;

/** Flyway, Liquibase and golang-migrate on a real server: what each migration did, and what stops the next run. */
final class MigrationToolsIT extends RunbookStage {
    private static final String CHANGELOG = "--liquibase formatted sql\n";

    @BeforeEach
    void clear() throws SQLException {
        Sql.run(
                environment.source(),
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                "CREATE TABLE person (id int PRIMARY KEY, name text)",
                "INSERT INTO person VALUES (1, 'Ada'), (2, 'Ada')");
    }

    @Test
    void flyway_tells_what_each_migration_changed_and_which_are_applied()
            throws IOException, InvalidScenario, InterruptedException {
        script("V1__widen.sql", "ALTER TABLE person ALTER id TYPE bigint;");
        script("V2__index.sql", "CREATE INDEX CONCURRENTLY person_name ON person (name);");
        script("V2__index.sql.conf", "executeInTransaction=false");
        script("R__view.sql", "CREATE OR REPLACE VIEW people AS SELECT id FROM person;");
        script("flyway.conf", "flyway.postgresql.transactional.lock=false");

        Runbook.Result result = run("flyway: {on: source, path: .}");

        assertThat(result.detail()).isEmpty();
        assertThat(detail())
                .contains("V1__widen.sql: + column person.id bigint NOT NULL")
                .contains("rewrote person; V2__index.sql: + index person_name; R__view.sql: + view people. ")
                .endsWith("Its account: 1 V1__widen.sql, 2 V2__index.sql, repeatable R__view.sql.");
        assertThat(run("flyway: {on: source, path: .}").ending()).isEqualTo(Ending.COMPLETED);
        assertThat(detail()).contains("no migration was left to run. Its account: 1 V1__widen.sql");
    }

    @Test
    void flyway_that_waits_for_its_own_lock_is_ended_by_the_deadline_and_the_session_is_named()
            throws IOException, InvalidScenario, InterruptedException {
        script("V1__index.sql", "CREATE INDEX CONCURRENTLY person_name ON person (name);");
        script("V1__index.sql.conf", "executeInTransaction=false");

        Runbook.Result result = run("flyway: {on: source, path: ., deadline: 15s}");

        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail())
                .contains("its deadline of 15000 ms passed")
                .containsPattern("Session \\d+ of flyway \\(CREATE INDEX CONCURRENTLY person_name .*\\) waits for"
                        + " session \\d+ of flyway, the tool's own, idle in transaction");
    }

    @Test
    void flyway_outside_a_transaction_is_half_applied_and_refuses_to_go_on()
            throws IOException, InvalidScenario, InterruptedException {
        script("V1__first.sql", "ALTER TABLE person ADD note text;");
        script("V2__half.sql", "ALTER TABLE person ADD extra text;\nALTER TABLE person ADD note text;");
        script("V2__half.sql.conf", "executeInTransaction=false");

        Runbook.Result result = run("flyway: {on: source, path: .}");

        assertThat(result.detail())
                .contains("V2__half.sql failed, and is half applied: it left + column person.extra text.")
                .contains("Migrations before it are applied: V1__first.sql: + column person.note text.")
                .contains("column \"note\" of relation \"person\" already exists");
    }

    @Test
    void liquibase_tells_what_each_change_set_changed() throws IOException, InvalidScenario, InterruptedException {
        script(
                "changelog.sql",
                CHANGELOG + "--changeset ada:1\nALTER TABLE person ADD note text;\n"
                        + "--changeset ada:2 runInTransaction:false\n"
                        + "CREATE INDEX CONCURRENTLY person_name ON person (name);\n");

        Runbook.Result result = run("liquibase: {on: source, changelog: changelog.sql}");

        assertThat(result.detail()).isEmpty();
        assertThat(detail())
                .isEqualTo("ada:1: + column person.note text; ada:2: + index person_name."
                        + " Its account: ada:1, ada:2.");
    }

    @Test
    void liquibase_outside_a_transaction_is_half_applied() throws IOException, InvalidScenario, InterruptedException {
        script(
                "changelog.sql",
                CHANGELOG + "--changeset ada:1\nALTER TABLE person ADD note text;\n"
                        + "--changeset ada:2 runInTransaction:false\n"
                        + "ALTER TABLE person ADD extra text;\nALTER TABLE person ADD note text;\n");

        assertThat(run("liquibase: {on: source, changelog: changelog.sql}").detail())
                .contains("ada:2 failed, and is half applied: it left + column person.extra text.")
                .contains("Migrations before it are applied: ada:1: + column person.note text.")
                .contains("Its account: ada:1.");
    }

    @Test
    void a_lock_that_a_killed_liquibase_left_is_told_with_its_owner()
            throws IOException, InvalidScenario, InterruptedException, SQLException {
        script("changelog.sql", CHANGELOG + "--changeset ada:1\nALTER TABLE person ADD note text;\n");
        assertThat(run("liquibase: {on: source, changelog: changelog.sql}").ending())
                .isEqualTo(Ending.COMPLETED);
        Sql.run(
                environment.source(),
                "UPDATE databasechangeloglock SET locked = true, lockedby = 'runner-7', lockgranted = '2026-01-02'");
        script(
                "changelog.sql",
                CHANGELOG + "--changeset ada:1\nALTER TABLE person ADD note text;\n"
                        + "--changeset ada:2\nALTER TABLE person ADD extra text;\n");

        assertThat(run("liquibase: {on: source, changelog: changelog.sql, deadline: 8s}")
                        .detail())
                .contains("its deadline of 8000 ms passed")
                .contains("Seen: databasechangeloglock is held by runner-7 since 2026-01-02");
    }

    @Test
    void golang_migrate_tells_a_dirty_state_refuses_and_goes_on_when_it_is_forced()
            throws IOException, InvalidScenario, InterruptedException {
        requireGolangMigrate();
        script("000001_note.up.sql", "ALTER TABLE person ADD note text;");
        script("000002_half.up.sql", "BEGIN; ALTER TABLE person ADD extra text; COMMIT; SELECT 1/0;");

        assertThat(run("golang-migrate: {on: source, path: .}").detail())
                .contains("000002_half.up.sql failed, and is half applied: it left + column person.extra text.")
                .contains("Migrations before it are applied: 000001_note.up.sql: + column person.note text")
                .contains("Its account: version 2, dirty; schema_migrations is dirty at version 2");
        assertThat(run("golang-migrate: {on: source, path: .}").detail()).contains("Dirty database version 2");

        script("000002_half.up.sql", "ALTER TABLE person DROP extra;");
        assertThat(run("golang-migrate: {on: source, path: ., force: 1}").detail())
                .isEmpty();
        assertThat(detail()).contains("000002_half.up.sql: - column person.extra text. Its account: version 2.");
    }

    @Test
    void a_deployment_killed_at_each_statement_comes_to_the_same_schema_when_its_scripts_can_be_repeated()
            throws IOException, InvalidScenario, InterruptedException {
        script(
                "001_whole.sql",
                "BEGIN; ALTER TABLE person ADD IF NOT EXISTS note text; UPDATE person SET note = 'x';"
                        + " CREATE TABLE IF NOT EXISTS place (id int); INSERT INTO place VALUES (1); COMMIT;");
        script("002_index.sql", "CREATE INDEX IF NOT EXISTS person_name ON person (name);");

        assertThat(run("kill-at-each: {on: source, tool: psql, path: .}").detail())
                .isEmpty();
        assertThat(detail())
                .isEqualTo("killed at 5 of 5 statements and run again: 5 came to the schema of an undisturbed run.");
    }

    @Test
    void a_deployment_that_is_half_applied_by_a_kill_refuses_to_run_again()
            throws IOException, InvalidScenario, InterruptedException {
        script("001_two.sql", "ALTER TABLE person ADD note text;\nALTER TABLE person ADD extra text;");

        assertThat(run("kill-at-each: {on: source, tool: psql, path: .}").detail())
                .contains(
                        "killed at 2 of 2 statements and run again: 1 came to the schema of an undisturbed run, 1 did")
                .contains("Killed at statement 2 of 2 (ALTER TABLE person ADD extra text;), the next run refuses:"
                        + " 001_two.sql failed")
                .contains("column \"note\" of relation \"person\" already exists");
    }

    @Test
    void a_rerun_that_comes_to_another_schema_is_found() throws IOException, InvalidScenario, InterruptedException {
        script("001_once.sql", """
                CREATE SEQUENCE IF NOT EXISTS mark;
                CREATE TABLE IF NOT EXISTS place (id int);
                DO $$ BEGIN IF nextval('mark') > 1 THEN ALTER TABLE place ADD twice int; END IF; END $$;
                CREATE INDEX IF NOT EXISTS person_name ON person (name);
                """);

        assertThat(run("kill-at-each: {on: source, tool: psql, path: .}").detail())
                .contains("the next run succeeds, and comes to another schema: + column place.twice integer.");
    }

    @Test
    void flyway_killed_at_any_statement_goes_on_when_each_migration_is_one_transaction()
            throws IOException, InvalidScenario, InterruptedException {
        script("V1__two.sql", "ALTER TABLE person ADD note text; ALTER TABLE person ADD extra text;");

        assertThat(run("kill-at-each: {on: source, tool: flyway, path: ., at-most: 3}")
                        .detail())
                .isEmpty();
        assertThat(detail()).contains("3 came to the schema of an undisturbed run.");
    }

    @Test
    void flyway_outside_a_transaction_is_half_applied_by_a_kill()
            throws IOException, InvalidScenario, InterruptedException {
        script("V1__two.sql", "ALTER TABLE person ADD note text; ALTER TABLE person ADD extra text;");
        script("V1__two.sql.conf", "executeInTransaction=false");

        assertThat(run("kill-at-each: {on: source, tool: flyway, path: .}").detail())
                .contains("the next run refuses: V1__two.sql failed")
                .contains("column \"note\" of relation \"person\" already exists");
    }

    @Test
    void liquibase_killed_leaves_its_lock_and_goes_on_once_it_is_released()
            throws IOException, InvalidScenario, InterruptedException {
        script(
                "changelog.sql",
                CHANGELOG
                        + "--changeset ada:1\nALTER TABLE person ADD note text;\nALTER TABLE person ADD extra text;\n");

        assertThat(run("kill-at-each: {on: source, tool: liquibase, path: changelog.sql, at-most: 2}")
                        .detail())
                .contains("the next run cannot start: databasechangeloglock is held by");
        assertThat(run("kill-at-each: {on: source, tool: liquibase, path: changelog.sql, at-most: 2, locks: released}")
                        .detail())
                .isEmpty();
    }

    @Test
    void golang_migrate_killed_leaves_a_dirty_version() throws IOException, InvalidScenario, InterruptedException {
        requireGolangMigrate();
        script("000001_note.up.sql", "ALTER TABLE person ADD note text;");

        assertThat(run("kill-at-each: {on: source, tool: golang-migrate, path: .}")
                        .detail())
                .contains("(ALTER TABLE person ADD note text;), the next run cannot start:"
                        + " schema_migrations is dirty at version 1");
    }

    private static void requireGolangMigrate() {
        try {
            new GolangMigrateTool().require(ClientPrograms.detect(System.getenv(), Path.of("/")));
        } catch (EnvironmentException missing) {
            assertThat(missing).hasMessageContaining("go install -tags postgres");
            assertThat(Boolean.getBoolean("pgrehearse.tests.complete")).isFalse();
            Assumptions.abort(missing.getMessage());
        }
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String detail() {
        return rig.memory().events(Event.StepEnded.class).getLast().detail();
    }

    private Runbook.Result run(String step) throws InvalidScenario, InterruptedException {
        return OwnRunbook.of("- " + step).run(rig);
    }
}
