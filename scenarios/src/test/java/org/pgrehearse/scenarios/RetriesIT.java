package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** What applications do about writes of which they do not know whether they were done. */
final class RetriesIT {
    @TempDir
    private Path logs;

    /** The scenario's own load, which tries nothing again, has no write twice. */
    @Test
    void a_blind_retry_of_a_commit_whose_answer_was_lost_is_found_twice() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.of(
                "unknown-commits", logs, yaml -> yaml.replace("  rate: 100/s\n", "  rate: 100/s\n  retry: blind\n"));

        run.requireRefuted("duplicated-writes");
        assertThat(run.judgement().history().duplicated()).as(run.reasons()).isBetween(1L, 10L);
    }
}
