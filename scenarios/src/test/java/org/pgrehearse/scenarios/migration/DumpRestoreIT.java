package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** The catalogue's scenarios of pg_dump and pg_restore, by the programs of this machine. */
final class DumpRestoreIT {
    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} loses nothing")
    @ValueSource(strings = {"dump-restore", "parallel-dump-restore"})
    void a_dump_behind_a_fence_loses_nothing(String name) throws InvalidScenario {
        CatalogueRun.whereInstalled(name, logs).requireSound();
    }

    @Test
    void a_dump_while_users_write_loses_what_they_wrote_since() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("dump-under-load", logs);
        run.requireRefuted("lost-writes", "data", "sequences");
        assertThat(run.judgement().history().leaked()).isZero();
    }

    @Test
    void an_instance_that_did_not_hear_of_the_pause_loses_its_writes() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("restore-without-fence", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(run.firstStory("lost")).contains("by batch");
    }

    @Test
    void a_dump_that_broke_is_found_by_its_data_when_nobody_looks_at_exit_codes() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("dump-errors-ignored", logs);
        run.requireRefuted("data", "sequences");
        assertThat(run.table("shop.order_items").missing()).isPositive();
        assertThat(run.recorder().events(Event.StepEnded.class))
                .filteredOn(step -> step.step().equals("dump-and-restore"))
                .first()
                .asString()
                .contains("which nobody looked at", "pg_dump: error");
    }

    @Test
    void a_dump_that_broke_fails_its_step_when_somebody_does() throws InvalidScenario {
        CatalogueRun run =
                CatalogueRun.of("dump-errors-ignored", logs, yaml -> yaml.replace("errors: ignore", "errors: stop"));
        assertThat(run.judgement().verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.reasons())
                .contains("Step dump-and-restore failed: Cannot go on: pg_dump ended with exit code 1");
    }

    @Test
    void a_source_newer_than_every_pg_dump_here_is_an_environment_problem() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "dump-restore",
                logs,
                yaml -> yaml.replace("source: 15", "source: 18").replace("target: 17", "target: 18"));
        assertThat(run.judgement().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(run.judgement().run().ending()).isEqualTo(Ending.BROKEN);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Cannot find pg_dump 18 or newer, which a server of version 18 needs:")
                .contains("apt-get install postgresql-client-18");
    }
}
