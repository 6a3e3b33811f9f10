package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** The catalogue's scenarios of Bucardo, by the programs of this machine; the source is of another version. */
final class BucardoIT {
    @TempDir
    private Path logs;

    @Test
    void a_cutover_with_keys_and_sequences_loses_nothing_and_leaves_nothing() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("bucardo-cutover", logs);
        run.requireSound();
        assertThat(run.verdictOf("sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(detail(run, "catch-up")).contains("no delta row of 9 tables is left");
        assertThat(detail(run, "remove-bucardo")).contains("no trigger and no schema");
        assertThat(daemons()).isEmpty();
    }

    @Test
    void a_table_left_out_for_want_of_a_key_is_empty_on_the_target() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("bucardo-table-without-key", logs);
        run.requireRefuted("data");
        assertThat(run.table("shop.page_views").missing()).isPositive();
    }

    @Test
    void rows_written_past_the_triggers_differ() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("bucardo-triggers-bypassed", logs);
        run.requireRefuted("data");
        assertThat(run.table("shop.customers").changed()).isPositive();
    }

    @Test
    void a_column_added_under_way_stops_the_sync_and_an_ignored_exit_code_loses_writes() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled("bucardo-column-added", logs);
        run.requireRefuted("lost-writes", "data");
        assertThat(detail(run, "kick-sync"))
                .contains("which nobody looked at")
                .contains("extra data after last expected column");
    }

    @Test
    void a_catch_up_refuses_rows_that_cannot_be_carried_and_the_way_back_leaves_no_daemon() throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled(
                "bucardo-column-added", logs, yaml -> yaml.replaceAll("kick-sync: .*", "catch-up: {deadline: 3s}"));
        assertThat(run.judgement().run().ending()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().run().endingDetail())
                .contains("did not happen within 3000 ms")
                .contains("Rows left to carry: ")
                .contains("extra data after last expected column");
        assertThat(run.judgement().history().lost()).isZero();
        assertThat(daemons()).isEmpty();
    }

    private static String detail(CatalogueRun run, String step) {
        return run.recorder().events(Event.StepEnded.class).stream()
                .filter(ended -> ended.step().equals(step) && ended.result() == StepResult.DONE)
                .findFirst()
                .orElseThrow()
                .detail();
    }

    /** Whoever started them. */
    private static List<Path> daemons() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> nameOf(process).startsWith("Bucardo ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException noneOrGone) {
            return "";
        }
    }
}
