package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;
import org.pgrehearse.verifier.TableComparison;

/** The catalogue's scenarios of pglogical, on servers that are installed on this machine. */
final class PgLogicalIT {
    @TempDir
    private Path logs;

    @Test
    void a_cutover_with_tables_and_sequences_in_sets_loses_nothing() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pglogical-cutover", logs);
        run.requireSound();
        assertThat(run.verdictOf("sequences")).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_table_in_no_replication_set_is_empty_on_the_target() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pglogical-table-forgotten", logs);
        run.requireRefuted("data");
        TableComparison payments = run.table("shop.payments");
        assertThat(payments.missing()).isPositive();
    }

    @Test
    void sequences_in_no_replication_set_are_behind() throws InvalidScenario {
        CatalogueRun.whereInstalled("pglogical-sequences-forgotten", logs).requireRefuted("sequences");
    }

    @Test
    void a_plugin_that_is_no_longer_allowed_is_named_before_the_fence() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pglogical-plugin-refused", logs);
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.ABORTED);
        assertThat(run.reasons())
                .contains("Step check failed", "decodes by pglogical_output, allowed is pgoutput on the source");
        assertThat(run.judgement().history().lost()).isZero();
    }

    @Test
    void a_version_that_is_not_installed_is_an_environment_problem() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "pglogical-cutover",
                logs,
                yaml -> yaml.replace("source: 15", "source: 12").replace("target: 15", "target: 12"));
        assertThat(run.judgement().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Cannot load pglogical into PostgreSQL 12: no server of that version is installed")
                .contains("apt-get install postgresql-12-pglogical");
    }
}
