package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.LocalInstallations;
import org.pgrehearse.scenarios.migration.Needs;
import org.pgrehearse.scenarios.migration.PgRepack;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** pg_repack under load: what it does, whom it ends, and what it does not do without saying so. */
final class RepackIT {
    @TempDir
    private Path logs;

    @Test
    void a_bloated_table_is_rewritten_under_load() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pg-repack", logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().verdict()).as(told(run)).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void users_with_long_transactions_are_ended_for_it() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pg-repack-kills", logs);

        run.requireRefuted("failed-operations");
        assertThat(run.judgement().workload().errors()).as(told(run)).containsKey("57P01");
    }

    @ParameterizedTest
    @CsvSource({"pg-repack-skipped, shop.orders", "pg-repack-without-key, shop.page_views"})
    void nothing_done_with_exit_code_0_is_seen_by_the_file_of_the_table(String name, String table)
            throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled(name, logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(told(run)).isEqualTo(RunVerdict.FAILED);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Step \"check\" failed")
                .contains("gives " + table + " lies in the same file as before");
    }

    @Test
    void a_machine_without_it_is_told_how_to_get_it(@TempDir Path empty) throws InvalidScenario {
        Needs needs = new PgRepack()
                .needs(new ScenarioReader(RehearsalWords.vocabulary())
                        .read("pg-repack", Catalogue.yaml("pg-repack").orElseThrow()));

        assertThatExceptionOfType(EnvironmentException.class)
                .isThrownBy(() -> needs.require(
                        15, 15, ClientPrograms.detect(Map.of(), empty), LocalInstallations.detect(Map.of(), empty)))
                .withMessageContaining("apt-get install postgresql-15-repack");
    }

    private static String told(CatalogueRun run) {
        return run.judgement().run().endingDetail() + "\n" + run.reasons();
    }
}
