package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** Cutovers by a real PgBouncer. */
final class PgBouncerIT {
    @TempDir
    private Path logs;

    @Test
    void a_paused_pooler_leads_every_transaction_to_the_target_and_loses_none() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pgbouncer-cutover", logs);
        run.requireSound();
        assertThat(run.judgement().workload().failed()).as("held, not refused").isZero();
    }

    @Test
    void a_reload_alone_loses_what_was_written_before_it() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pgbouncer-without-pause", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(run.judgement().history().stranded()).isPositive();
    }

    @Test
    void a_report_that_runs_holds_the_pause_until_it_is_given_up() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("pause-behind-a-report", logs);
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.reasons()).contains("Step pause-pooler failed: Cannot PAUSE app on PgBouncer");
        assertThat(run.judgement().history().lost()).isZero();
    }

    @Test
    void a_transaction_that_stays_open_ends_the_pause_and_the_way_back_lets_all_go_on() throws InvalidScenario {
        CatalogueRun run =
                CatalogueRun.whereInstalled("pgbouncer-cutover", logs, yaml -> yaml.replace("\nexpect:", """

                faults:
                  - {name: held, fault: blackhole, on: source, during: pause-pooler, for: 8s}

                expect:"""));
        assertThat(run.judgement().run().ending()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().run().endingDetail())
                .contains("pause-pooler")
                .contains("Cannot PAUSE app on PgBouncer");
        assertThat(run.recorder().events(Event.StepEnded.class))
                .anyMatch(step -> step.step().equals("pause-pooler") && step.result() == StepResult.FAILED);
        assertThat(run.judgement().history().lost()).isZero();
    }
}
