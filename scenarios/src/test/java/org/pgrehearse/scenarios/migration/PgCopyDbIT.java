package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** The catalogue's scenarios of pgcopydb, by the program of this machine. */
final class PgCopyDbIT {
    @TempDir
    private Path logs;

    @Test
    void a_clone_behind_a_fence_loses_nothing() throws InvalidScenario {
        CatalogueRun.whereInstalled("pgcopydb-clone", logs).requireSound();
    }

    @Test
    void a_clone_while_users_write_loses_what_they_wrote_since() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pgcopydb-under-load", logs);
        run.requireRefuted("lost-writes", "data", "sequences");
        assertThat(run.judgement().history().leaked()).isZero();
    }

    @Test
    void a_program_that_follows_and_ends_well_has_written_values_wrongly() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pgcopydb-follow", logs);
        assertThat(run.recorder().events(Event.StepEnded.class))
                .anyMatch(step -> step.step().equals("finish-follow")
                        && step.detail().equals("exit code 0, and the target holds the marker row"));
        run.requireRefuted("lost-writes", "data");
        assertThat(run.table("shop.products").columnChanges().columns())
                .anyMatch(column -> column.column().equals("thumbnail") && column.rows() > 0);
    }

    @Test
    void a_program_that_applied_nothing_and_ends_with_0_is_refuted_by_the_marker_row() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pgcopydb-follow-identity", logs);
        assertThat(run.judgement().run().ending()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().run().endingDetail())
                .contains("ended with exit code 0, and the target lacks the marker row")
                .contains("GENERATED ALWAYS");
        assertThat(run.judgement().history().stranded()).isZero();
    }
}
