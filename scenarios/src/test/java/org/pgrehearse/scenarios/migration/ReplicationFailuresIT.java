package org.pgrehearse.scenarios.migration;

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

/** The failures that bite most around logical replication: each is found for its own reason, which the report names. */
final class ReplicationFailuresIT {
    @TempDir
    private Path logs;

    @ParameterizedTest(name = "{0} passes")
    @ValueSource(strings = {"column-on-target-first", "table-refreshed", "statistics-first", "slot-after-transactions"})
    void what_avoids_a_failure_loses_nothing(String name) throws InvalidScenario {
        run(name).requireSound();
    }

    @Test
    void an_identity_before_the_publication_keeps_updates_going() throws InvalidScenario {
        CatalogueRun run = run("publish-with-identity");
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(run.verdictOf("failed-operations of visit")).isEqualTo(RunVerdict.PASSED);
        assertThat(run.judgement().workload().acknowledged()).isPositive();
    }

    @Test
    void a_publication_without_identity_breaks_the_sources_users_and_nothing_else() throws InvalidScenario {
        CatalogueRun run = run("publish-without-identity");
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        run.requireRefuted("failed-operations of visit");
    }

    @ParameterizedTest(name = "{0} ends with: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            column-on-source-only  | Step catch-up failed: .* is missing replicated column: "channel"
            target-written-first   | Step catch-up failed: .* duplicate key value .* "orders_pkey"
            trigger-fires-twice    | Step catch-up failed: .* duplicate key value .* "order_log_pkey"
            copied-onto-data       | Step wait-for-copy failed: .* duplicate key value violates
            statistics-forgotten   | Step check failed: .* gives .*shop.orders.* on the target, not none
            slot-lost              | Step check failed: .* gives pgrehearse is [a-z]+ on the source
            slot-left-behind       | Step check failed: .* gives pgrehearse holds WAL since [0-9A-F/]+ on the source
            slot-behind-prepared   | Step create-subscription failed: its deadline of 6000 ms passed
            slot-gate              | Step check failed: .* gives prepared transaction nightly-job on the source
            view-never-refreshed   | Step check failed: .* gives sales is empty on the target
            parent-removed         | Step check failed: .* gives \\d+ orders without a customer on the target
            """)
    void a_runbook_that_cannot_go_on_ends_with_the_reason(String name, String reason) throws InvalidScenario {
        CatalogueRun run = run(name);
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.reasons().replace('\n', ' ')).containsPattern(reason);
        assertThat(run.judgement().history().lost()).as("the way back was free").isZero();
    }

    @ParameterizedTest(name = "{0}: {2} rows of {1} are missing")
    @CsvSource({
        "table-not-refreshed, public.coupons, 100",
        "partition-attached-later, shop.payments, 70",
        "never-replicated, public.carts, 50",
    })
    void what_is_in_no_publication_is_missing_on_the_target(String name, String table, long rows)
            throws InvalidScenario {
        CatalogueRun run = run(name);
        run.requireRefuted("data");
        assertThat(run.table(table).missing()).isEqualTo(rows);
    }

    @ParameterizedTest(name = "{0}: rows of {1} are missing")
    @CsvSource({
        "refresh-without-copy, shop.products",
        "target-row-removed, shop.order_items",
    })
    void what_is_not_copied_or_was_removed_stays_missing(String name, String table) throws InvalidScenario {
        CatalogueRun run = run(name);
        run.requireRefuted("data");
        assertThat(run.table(table).missing()).isPositive();
    }

    @Test
    void a_truncate_that_is_not_published_leaves_rows_behind() throws InvalidScenario {
        CatalogueRun run = run("truncate-not-published");
        run.requireRefuted("data");
        assertThat(run.table("shop.page_views").unexpected()).isPositive();
        assertThat(run.table("shop.page_views").missing()).isZero();
    }

    @Test
    void a_subscription_made_anew_without_a_copy_has_a_hole() throws InvalidScenario {
        run("slot-made-anew").requireRefuted("lost-writes", "data");
    }

    @Test
    void a_trigger_that_does_not_fire_leaves_its_table_without_rows() throws InvalidScenario {
        CatalogueRun run = run("trigger-stays-silent");
        run.requireRefuted("data");
        assertThat(run.table("public.order_log").missing()).isPositive();
        assertThat(run.table("shop.orders").missing()).isZero();
    }

    @Test
    void a_transaction_prepared_before_the_fence_commits_on_the_old_side() throws InvalidScenario {
        CatalogueRun run = run("prepared-through-the-fence");
        run.requireRefuted("data");
        assertThat(run.table("shop.orders").missing()).isEqualTo(1);
    }

    /** With less data still, and with fewer probes: what is looked at is not downtime. */
    private CatalogueRun run(String name) throws InvalidScenario {
        return CatalogueRun.of(
                name,
                logs,
                yaml -> yaml.replace("orders: 8000", "orders: 2000")
                        .replace("rate: 100/s", "rate: 50/s")
                        .replace("\nmigration:", "\nsentinel: {every: 100ms}\nmigration:"));
    }
}
