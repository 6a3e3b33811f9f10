package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;
import org.pgrehearse.verifier.TableComparison;

/** The catalogue's scenarios of logical replication: those that are sound pass, the others fail by what they do. */
final class LogicalVariantsIT {
    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} loses nothing")
    @ValueSource(
            strings = {
                "all-tables-cutover",
                "split-table-cutover",
                "seeded-cutover",
                "rollback-with-reverse",
                "blue-green"
            })
    void a_sound_runbook_loses_nothing(String name) throws InvalidScenario {
        CatalogueRun.of(name, logs).requireSound();
    }

    @Test
    void a_gap_between_two_row_filters_loses_exactly_the_row_in_it() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("row-filter-hole", logs);
        run.requireRefuted("data");
        TableComparison orders = run.table("shop.orders");
        assertThat(orders.missing()).isEqualTo(1);
        assertThat(orders.differences().getFirst().toString()).contains("4001");
    }

    @Test
    void a_copy_before_the_slot_loses_what_was_written_in_between() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("seed-before-slot", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(run.judgement().history().stranded()).isPositive();
    }

    @Test
    void a_subscription_dropped_before_it_caught_up_loses_writes_behind_a_fence_that_held() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("dropped-before-catch-up", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(run.judgement().history().leaked()).isZero();
        assertThat(run.judgement().history().fenced()).isTrue();
    }

    @Test
    void transactions_that_are_open_commit_behind_a_read_only_default() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("soft-fence", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(run.judgement().history().fenced()).isFalse();
    }

    @Test
    void a_role_that_was_not_fenced_writes_on_and_leaks() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("second-role-not-fenced", logs);
        run.requireRefuted("lost-writes", "leaked-writes", "split-brain", "data");
        assertThat(run.firstStory("leaked")).contains("by batch");
    }

    @Test
    void a_stale_pool_writes_to_the_old_server() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("stale-pool", logs);
        run.requireRefuted("lost-writes", "split-brain", "data");
        assertThat(run.lastOnTheOldSide()).contains("by batch");
    }

    @Test
    void sequences_that_nobody_moved_are_behind_and_nothing_else_is_wrong() throws InvalidScenario {
        CatalogueRun.of("sequences-forgotten", logs).requireRefuted("sequences");
    }

    @Test
    void a_way_back_without_reverse_replication_loses_what_the_target_acknowledged() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("rollback-without-reverse", logs);
        run.requireRefuted("lost-writes", "data");
        History history = run.judgement().history();
        assertThat(history.stranded()).isEqualTo(history.lost()).isPositive();
    }

    @Test
    void without_the_origin_filter_changes_come_back_until_a_key_stops_them() throws InvalidScenario, IOException {
        CatalogueRun run = CatalogueRun.of("blue-green-echo", logs);
        assertThat(run.reasons()).contains("Step catch-up-reverse failed: The marker row's arrival on the source");
        assertThat(Files.readString(logs.resolve("source.log")))
                .contains("duplicate key value violates unique constraint");
    }

    @Test
    void a_lost_answer_leaves_a_table_that_is_never_in_step_again() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("copy-stuck", logs);
        assertThat(run.reasons()).containsPattern("Step wait-for-copy failed: The copy of \\S+ can never finish");
    }

    @Test
    void a_copy_that_can_never_finish_is_made_again_and_told() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of("copy-again", logs);
        run.requireSound();
        assertThat(run.recorder().events(Event.Trouble.class))
                .extracting(Event.Trouble::message)
                .anyMatch(text -> text.startsWith("copied again, as the copy could never finish: "));
    }
}
