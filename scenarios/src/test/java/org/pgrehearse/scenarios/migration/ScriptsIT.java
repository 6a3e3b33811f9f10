package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.RunbookStage;

/** Folders of SQL scripts on a real server: what they did, and what they left when they failed. */
final class ScriptsIT extends RunbookStage {
    @BeforeEach
    void clear() throws SQLException {
        Sql.run(
                environment.source(),
                "DROP TABLE IF EXISTS person",
                "CREATE TABLE person (id int PRIMARY KEY, name text)",
                "INSERT INTO person VALUES (1, 'Ada'), (2, 'Ada')");
    }

    @Test
    void every_script_runs_in_order_and_tells_what_it_changed()
            throws IOException, InvalidScenario, InterruptedException {
        script("002_widen.sql", "ALTER TABLE person ALTER id TYPE bigint;");
        script("001_add.sql", "ALTER TABLE person ADD note text DEFAULT 'x';");
        script("003_data.sql", "UPDATE person SET note = 'y';");

        assertThat(run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(rig.memory().events(Event.StepEnded.class).getLast().detail())
                .isEqualTo(String.join(
                        "; ",
                        "001_add.sql: + column person.note text",
                        "002_widen.sql: + column person.id bigint NOT NULL, - column person.id integer NOT NULL,"
                                + " rewrote person",
                        "003_data.sql: no change of the schema"));
    }

    @Test
    void a_script_that_fails_outside_a_transaction_is_half_applied()
            throws IOException, InvalidScenario, InterruptedException {
        script("001_first.sql", "CREATE INDEX person_name ON person (name);");
        script("002_half.sql", "ALTER TABLE person ADD note text;\nALTER TABLE person ADD name text;");

        Runbook.Result result = run();

        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail())
                .contains("002_half.sql failed, and is half applied: it left + column person.note text.")
                .contains("Scripts before it are applied: 001_first.sql: + index person_name.")
                .contains("column \"name\" of relation \"person\" already exists");
    }

    @Test
    void a_script_that_fails_in_a_transaction_leaves_nothing()
            throws IOException, InvalidScenario, InterruptedException {
        script("001_whole.sql", "BEGIN;\nALTER TABLE person ADD note text;\nSELECT 1/0;\nCOMMIT;");

        assertThat(run().detail()).contains("001_whole.sql failed, and left the schema as it was.");
    }

    @Test
    void an_index_that_could_not_be_built_is_found_when_it_fails_and_when_it_is_skipped()
            throws IOException, InvalidScenario, InterruptedException {
        script("001_key.sql", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS person_key ON person (name);");

        assertThat(run().detail())
                .contains("is half applied: it left + index person_key, INVALID index person_key")
                .contains("could not create unique index");
        assertThat(run().detail()).contains("001_key.sql reported success, and there is an INVALID index: person_key.");
    }

    @Test
    void a_folder_without_scripts_is_no_success() throws InvalidScenario, InterruptedException {
        assertThat(run().detail()).contains("holds no .sql file. Name another folder.");
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Runbook.Result run() throws InvalidScenario, InterruptedException {
        return OwnRunbook.of("- scripts: {on: source, path: .}").run(rig);
    }
}
