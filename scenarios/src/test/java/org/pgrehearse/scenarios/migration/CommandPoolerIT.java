package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** Cutovers by a proxy that only the scenario knows: the HAProxy of this machine. */
final class CommandPoolerIT {
    @TempDir
    private Path logs;

    @Test
    void a_fence_before_the_proxy_is_led_elsewhere_loses_nothing() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("haproxy-cutover", logs);
        run.requireSound();
        assertThat(logs.resolve("pooler/next.cfg")).content().contains("server lead 127.0.0.1:");
    }

    @Test
    void sessions_that_nobody_ended_go_on_writing_on_the_source() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("haproxy-sessions-left", logs);
        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(run.verdictOf("lost-writes")).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.verdictOf("data")).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.judgement().history().stranded())
                .as("every write that is lost is on the source")
                .isPositive()
                .isEqualTo(run.judgement().history().lost());
    }

    @Test
    void a_pooler_that_does_not_start_ends_the_run_with_what_it_said() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "haproxy-cutover", logs, yaml -> yaml.replace("PATH=$PATH:/usr/sbin", "echo no way >&2; exit 9"));
        assertThat(run.judgement().verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(run.judgement().run().endingDetail())
                .contains("Cannot start the pooler: its command ended with exit code 9")
                .contains("no way");
        assertThat(Files.exists(logs.resolve("pooler/pooler.log"))).isTrue();
    }
}
