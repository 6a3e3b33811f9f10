package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.RunbookStage;

/** Deployments that are killed and run again come to the same rows and the same definitions, or are told. */
final class KilledRowsIT extends RunbookStage {
    private static final String DOUBLING =
            "UPDATE person SET points = points * 2;\nALTER TABLE person ADD IF NOT EXISTS n text;";

    @BeforeEach
    void clear() throws SQLException {
        Sql.run(
                environment.source(),
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                "CREATE TABLE town (id int PRIMARY KEY)",
                "CREATE TABLE person (id serial PRIMARY KEY, points int NOT NULL, town int REFERENCES town,"
                        + " twice int GENERATED ALWAYS AS (points * 2) STORED)",
                "INSERT INTO town VALUES (1)",
                "INSERT INTO person (points, town) SELECT 10 * n, 1 FROM generate_series(1, 5) n");
    }

    @Test
    void a_script_whose_second_run_doubles_data_is_found_by_the_rows() throws Exception {
        script("001_double.sql", DOUBLING);

        assertThat(run("rows: all"))
                .contains("Killed at statement 2 of 2 (ALTER TABLE person ADD IF NOT EXISTS n text;), the next run"
                        + " succeeds, and comes to other rows: public.person and public.person differ: of 5 rows")
                .contains("5 have other values. First: id 1 has points 20 and 40");
    }

    @Test
    void a_script_that_remembers_what_it_did_comes_to_the_same_rows() throws Exception {
        script(
                "001_double.sql",
                "BEGIN; UPDATE person SET points = points * 2 WHERE NOT EXISTS"
                        + " (SELECT FROM pg_attribute WHERE attrelid = 'person'::regclass AND attname = 'doubled');"
                        + " ALTER TABLE person ADD IF NOT EXISTS doubled boolean;"
                        + " INSERT INTO person (points) SELECT 1 WHERE (SELECT count(*) FROM person) = 5; COMMIT;");
        assertThat(run("rows: all")).isEmpty();
    }

    @Test
    void without_rows_the_same_script_is_not_seen_and_with_some_it_is() throws Exception {
        script("001_double.sql", DOUBLING);
        assertThat(run("rows: none")).isEmpty();
        assertThat(run("rows: 2")).contains("of 2 rows").contains("2 have other values");
    }

    @Test
    void a_column_that_is_ignored_is_not_compared() throws Exception {
        script(
                "001_stamp.sql",
                "ALTER TABLE person ADD IF NOT EXISTS seen timestamptz;"
                        + "\nUPDATE person SET seen = clock_timestamp();\nCREATE TABLE IF NOT EXISTS last (id int);");
        assertThat(run("rows: all")).contains("have other values").contains("seen");
        assertThat(run("rows: all, ignore-column: [public.person.seen]")).isEmpty();
    }

    @Test
    void a_function_that_differs_is_found() throws Exception {
        differs("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "FUNCTION public.f() differs");
    }

    @Test
    void triggers_views_types_sequences_and_privileges_that_differ_are_found() throws Exception {
        differs(
                "CREATE OR REPLACE VIEW people AS SELECT id FROM person WHERE id > 1; CREATE TYPE mood AS ENUM (''x'');"
                        + " ALTER SEQUENCE mark INCREMENT 5; GRANT SELECT ON person TO PUBLIC;"
                        + " CREATE TRIGGER t AFTER UPDATE ON person FOR EACH ROW EXECUTE FUNCTION"
                        + " suppress_redundant_updates_trigger()",
                "+ ACL public.TABLE person, SEQUENCE public.mark differs, + TRIGGER public.person t, + TYPE"
                        + " public.mood, VIEW public.people differs");
    }

    /** A script that does this in its second run only. */
    private void differs(String second, String told) throws Exception {
        script("001_once.sql", """
                CREATE SEQUENCE IF NOT EXISTS mark;
                CREATE OR REPLACE VIEW people AS SELECT id FROM person;
                CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
                DO $$ BEGIN IF nextval('mark') > 1 THEN EXECUTE '%s'; END IF; END $$;
                CREATE TABLE IF NOT EXISTS last (id int);
                """.formatted(second.replace("AS 'SELECT 2'", "AS ''SELECT 2''")));
        assertThat(run("rows: none")).contains("comes to another schema: ").contains(told);
    }

    private String run(String arguments) throws InvalidScenario, InterruptedException {
        String step = "- kill-at-each: {on: source, tool: psql, path: ., %s}".formatted(arguments);
        return OwnRunbook.of(step).run(rig).detail();
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text + "\n");
    }
}
