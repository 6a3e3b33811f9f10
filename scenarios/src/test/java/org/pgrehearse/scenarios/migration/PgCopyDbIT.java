package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
}
