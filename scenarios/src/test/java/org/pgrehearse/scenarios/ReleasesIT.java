package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** Two releases of an application over one change of the schema: in phases neither fails, in haste the old one does. */
final class ReleasesIT {
    @TempDir
    private Path logs;

    @Test
    void expand_and_contract_fails_neither_release() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("expand-and-contract", logs);

        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"rename-at-once, 42703", "contract-too-early, 42703", "required-too-early, 23514"})
    void a_change_in_haste_fails_the_old_release_and_only_that(String name, String state) throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(name, logs);

        run.requireRefuted("failed-operations of v1-*");
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().workload().errors()).containsOnlyKeys(state);
        assertThat(failed(run)).isNotEmpty().isSubsetOf("v1-write", "v1-read");
    }

    @Test
    void columns_that_nothing_keeps_equal_are_counted() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("dual-write-forgotten", logs);

        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.judgement().run().endingDetail()).containsPattern("gives \\d+ people, first \\{\\d+,");
        assertThat(failed(run)).isEmpty();
    }

    private static Set<String> failed(CatalogueRun run) {
        return run.recorder().events(Event.Operation.class).stream()
                .filter(operation -> operation.outcome() == Outcome.FAILED)
                .map(Event.Operation::transaction)
                .collect(Collectors.toSet());
    }
}
