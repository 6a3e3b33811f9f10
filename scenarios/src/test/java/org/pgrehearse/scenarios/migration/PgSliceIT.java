package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.RunbookStage;

/** The step pgslice, with a program of that name that stands in for the real one, and without any. */
final class PgSliceIT extends RunbookStage {
    private static final String STEP = """
            - pgslice:
                on: source
                command: fill shop.page_views  --batch-size 7
                sql: INSERT INTO sliced VALUES ('the statement')
            """;

    @BeforeEach
    void clear() throws SQLException {
        Sql.run(environment.source(), "DROP TABLE IF EXISTS sliced", "CREATE TABLE sliced (by text)");
    }

    @Test
    void where_it_is_installed_its_command_is_run_and_no_statement() throws Exception {
        rig = rig.withPrograms(standIn("echo \"$@\" >said; echo $PGPORT >>said; echo filled"));

        Runbook.Result result = run();

        assertThat(result.ending()).as(result.detail()).isEqualTo(Ending.COMPLETED);
        int port = environment.source().port();
        assertThat(Files.readAllLines(folder.resolve("said")))
                .containsExactly(
                        "fill shop.page_views --batch-size 7 --url postgresql://postgres@127.0.0.1:" + port + "/"
                                + environment.source().database(),
                        Integer.toString(port));
        assertThat(rows()).isEqualTo("0");
    }

    @Test
    void a_command_that_fails_fails_the_step_with_its_words() throws Exception {
        rig = rig.withPrograms(standIn("echo Table not found >&2; exit 1"));

        Runbook.Result result = run();

        assertThat(result.ending()).isEqualTo(Ending.ABORTED);
        assertThat(result.detail()).contains("pgslice ended with exit code 1: Table not found");
        assertThat(rows()).isEqualTo("0");
    }

    @Test
    void where_it_is_not_installed_the_statements_are_executed() throws Exception {
        rig = rig.withoutPrograms();

        Runbook.Result result = run();

        assertThat(result.ending()).as(result.detail()).isEqualTo(Ending.COMPLETED);
        assertThat(rows()).isEqualTo("1");
    }

    private Path standIn(String script) throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path program = Files.writeString(programs.resolve("pgslice"), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return programs;
    }

    private static String rows() throws SQLException {
        try (Connection connection = environment.source().admin()) {
            return Sql.value(connection, "SELECT count(*) FROM sliced").orElseThrow();
        }
    }

    private Runbook.Result run() throws InvalidScenario, InterruptedException {
        return OwnRunbook.of(STEP).run(rig);
    }
}
