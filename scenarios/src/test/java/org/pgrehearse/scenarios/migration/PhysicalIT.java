package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;
import org.pgrehearse.verifier.TableComparison;

/** The catalogue's scenarios of standbys and of recovery to a moment. */
final class PhysicalIT {
    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} loses nothing")
    @ValueSource(strings = {"standby-promotion", "standby-by-basebackup", "recover-to-restore-point", "recover-to-lsn"})
    void a_sound_runbook_loses_nothing(String name) throws InvalidScenario {
        CatalogueRun.of(name, logs).requireSound();
    }

    @Test
    void a_standby_promoted_too_early_lacks_what_was_not_replayed() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("promoted-too-early", logs);
        // Whether sequences are behind as well depends on how far ahead PostgreSQL had logged them.
        assertThat(run.verdictOf("lost-writes")).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.verdictOf("data")).isEqualTo(RunVerdict.FAILED);
        History history = run.judgement().history();
        assertThat(history.splitBrain()).isNull();
        assertThat(history.leaked()).isZero();
        assertThat(history.stranded()).isEqualTo(history.lost());
    }

    @Test
    void an_old_primary_that_was_not_shut_is_written_on() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("split-brain-promotion", logs);
        run.requireRefuted("lost-writes", "split-brain", "data");
        assertThat(run.lastOnTheOldSide()).contains("by batch");
    }

    @ParameterizedTest(name = "{0} recovers the DELETE as well")
    @ValueSource(strings = {"recovery-inclusive", "recovery-too-late"})
    void a_target_behind_the_bad_step_lacks_what_it_deleted(String name) throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(name, logs);
        run.requireRefuted("data");
        TableComparison items = run.table("shop.order_items");
        assertThat(items.missing()).isEqualTo(items.sourceRows()).isPositive();
        assertThat(Objects.requireNonNull(run.judgement().verification()).tables())
                .filteredOn(table -> table.missing() > 0)
                .hasSize(1);
    }

    @Test
    void an_archive_without_the_last_file_loses_what_was_in_it() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("recovery-without-last-segment", logs);
        assertThat(run.verdictOf("lost-writes")).isEqualTo(RunVerdict.FAILED);
        assertThat(run.verdictOf("data")).isEqualTo(RunVerdict.FAILED);
        assertThat(run.verdictOf("split-brain")).isEqualTo(RunVerdict.PASSED);
    }

    @Test
    void a_base_backup_that_leads_nowhere_gives_the_target_back() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "standby-promotion", logs, yaml -> yaml.replace("- start-standby", "- replay-all: {deadline: 1s}"));
        assertThat(run.judgement().run().ending()).isEqualTo(Ending.ABORTED);
        assertThat(run.recorder().events(Event.StepEnded.class))
                .filteredOn(step -> step.result() == StepResult.UNDONE)
                .extracting(Event.StepEnded::detail)
                .containsExactly("started the target on what it had before");
        assertThat(run.recorder().events(Event.Trouble.class)).isEmpty();
    }

    @Test
    void two_versions_cannot_be_copied_file_by_file() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("standby-promotion", logs, yaml -> yaml.replace("target: 15", "target: 17"));
        assertThat(run.judgement().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(run.judgement().run().endingDetail())
                .startsWith("Cannot copy a server of version 15 file by file to version 17.");
    }
}
