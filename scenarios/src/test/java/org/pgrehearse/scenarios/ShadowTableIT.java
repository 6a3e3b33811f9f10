package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** Second tables that take the name of the first: the sound ones pass, the popular ones fail for their own reason. */
final class ShadowTableIT {
    @TempDir
    private Path logs;

    @ParameterizedTest
    @ValueSource(strings = {"shadow-table", "shadow-table-back"})
    void a_sound_second_table_passes_there_and_back(String name) throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(name, logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().verdict()).as(told(run)).isEqualTo(RunVerdict.PASSED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shadow-without-triggers     | tickets and public.tickets_new differ: .* First: id \\d+
            shadow-triggers-late        | tickets and public.tickets_new differ: .* First: id \\d+
            shadow-back-without-trigger | tickets and public.tickets_new differ: .* First: id \\d+
            """)
    void a_second_table_that_lacks_writes_fails_by_a_comparison_that_names_rows(String name, String fact)
            throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(name, logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(told(run)).isEqualTo(RunVerdict.FAILED);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Step \"compare\" failed")
                .containsPattern(fact);
        assertThat(run.verdictOf("failed-operations")).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void rows_deleted_while_a_backfill_without_row_locks_reads_come_back_and_are_found() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("shadow-without-row-locks", logs);

        run.requireRefuted("resurrected-deletes");
        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().history().lost()).isZero();
        assertThat(run.firstStory("resurrected-delete"))
                .contains(": withdraw of ")
                .contains(", acknowledged at ")
                .containsPattern("deleted id \\d+ of tickets, which the source holds again$");
    }

    @Test
    void the_same_backfill_with_row_locks_brings_nothing_back() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "shadow-without-row-locks",
                logs,
                yaml -> yaml.replace("FROM reading, tickets t\n", "FROM reading, tickets t FOR SHARE OF t\n"));

        assertThat(run.judgement().verdict()).as(told(run)).isEqualTo(RunVerdict.PASSED);
        assertThat(run.judgement().history().deletes().keys()).isPositive();
    }

    @Test
    void newer_values_that_an_upsert_overwrites_are_told_as_changed_and_no_row_is_missing() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("shadow-upsert-overwrites", logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Step \"compare\" failed")
                .containsPattern(" 0 are missing in the second, 0 are only in the second, [1-9]\\d* have other values");
        assertThat(run.verdictOf("failed-operations")).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void defaults_and_constraints_that_were_forgotten_fail_users_and_are_named() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("shadow-swap-forgets", logs);

        run.requireRefuted("failed-operations");
        assertThat(run.judgement().run().endingDetail())
                .contains("constraint tickets_customer_known: CHECK ((customer > 0))")
                .contains("default of id: nextval(")
                .contains("default of state: 'open'::text");
        assertThat(run.judgement().workload().errors()).containsOnlyKeys("23502");
    }

    @Test
    void a_sequence_that_went_with_the_old_table_fails_every_later_insert() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("shadow-drop-cascade", logs);

        assertThat(run.judgement().run().ending()).as(told(run)).isEqualTo(Ending.COMPLETED);
        run.requireRefuted("failed-operations");
        // DROP … CASCADE takes the sequence before it takes the new table, an insert the other way round.
        assertThat(run.judgement().workload().errors().keySet())
                .contains("23502")
                .isSubsetOf("23502", "40P01");
    }

    private static String told(CatalogueRun run) {
        return run.judgement().run().endingDetail() + "\n" + run.reasons();
    }
}
