package org.pgrehearse.reports.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.Reports;
import org.pgrehearse.reports.analysis.Deletes;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Losses;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.anomaly.Anomalies;

/**
 * A recording that version 0.1.0 wrote of a short cutover whose fence forgot a role. Every later version reads it and
 * judges it as that one did. Whoever must change a number here has changed what stored recordings mean.
 */
final class FrozenJournalTest {
    private static final String FROZEN = "frozen-0.1.0.jsonl.gz";
    private static final int EVENTS = 2_698;

    @TempDir
    Path folder;

    @Test
    void an_old_recording_is_judged_to_the_same_counts() throws IOException {
        Judgement judgement = Reports.judge(write(frozen()));
        History history = judgement.history();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.headline()).isEqualTo("Expected lost-writes = 0, observed 101 (and 6 more reasons).");
        assertThat(history.writes()).isEqualTo(934);
        assertThat(history.losses()).isEqualTo(new Losses(101, 0, 0, 0, 101, 0));
        assertThat(history.leaked()).isEqualTo(157);
        assertThat(history.resolvedAborted()).isEqualTo(3);
        assertThat(history.duplicated() + history.resurrected() + history.unresolved())
                .isZero();
        assertThat(history.deletes()).isEqualTo(new Deletes(0, 0, ""));
        assertThat(history.staleReads()).isEqualTo(64);
        assertThat(Objects.requireNonNull(history.splitBrain()).writes()).isEqualTo(121);
        assertThat(history.leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.role()).isEqualTo("shop_batch");
            assertThat(leak.pool()).isEqualTo("batch");
            assertThat(leak.sessions()).isEqualTo(20);
        });
        assertThat(judgement.forks().keys()).isEqualTo(13);
        assertThat(judgement.workload().acknowledged()).isEqualTo(963);
        assertThat(judgement.workload().failed()).isEqualTo(17);
        assertThat(judgement.write().probes()).isEqualTo(246);
        assertThat(judgement.phases()).hasSize(12);
    }

    @Test
    void an_old_recording_gives_the_same_answers_to_its_expectations_and_promises() throws IOException {
        Judgement judgement = Reports.judge(write(frozen()));
        assertThat(judgement.expectations())
                .extracting(ExpectationResult::name, ExpectationResult::observed)
                .containsExactly(
                        tuple("lost-writes", "101"),
                        tuple("leaked-writes", "157"),
                        tuple("duplicated-writes", "0"),
                        tuple("split-brain", "yes"),
                        tuple("data", "divergent"),
                        tuple("sequences", "consistent"),
                        tuple("write-downtime", "4.70 s"));
        assertThat(judgement.anomalies().transactions()).isEqualTo(186);
        assertThat(judgement.anomalies().found())
                .extracting(each -> each.anomaly().title(), Anomalies.Found::forbidden, Anomalies.Found::count)
                .containsExactlyInAnyOrder(
                        tuple("incompatible-order", true, 4L),
                        tuple("fork", true, 32L),
                        tuple("stale-read", true, 17L),
                        tuple("G-single", false, 1L),
                        tuple("G-nonadjacent", false, 1L),
                        tuple("G2-item", false, 3L));
    }

    @Test
    void every_line_of_it_is_still_an_event() throws IOException {
        JournalTail tail = new JournalReader(write(frozen())).read(event -> {});
        assertThat(tail.events()).isEqualTo(EVENTS);
    }

    @Test
    void a_field_that_the_format_needs_and_an_old_line_lacks_is_noticed() throws IOException {
        String renamed = frozen().replace("\"intendedNanos\":", "\"plannedNanos\":");
        assertThatThrownBy(() -> Reports.judge(write(renamed)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("intendedNanos");
    }

    @Test
    void a_journal_from_before_roles_and_backends_were_recorded_is_judged_the_same() throws IOException {
        String older = frozen().replaceAll(",\"role\":\"[a-z_]*\"", "").replaceAll(",\"backend\":\\d+", "");
        History history = Reports.judge(write(older)).history();
        assertThat(history.losses().total()).isEqualTo(101);
        assertThat(history.leaked()).isEqualTo(157);
        assertThat(history.leaks()).allSatisfy(leak -> assertThat(leak.role()).isEmpty());
    }

    private static String frozen() throws IOException {
        try (InputStream file = Objects.requireNonNull(FrozenJournalTest.class.getResourceAsStream(FROZEN), FROZEN);
                InputStream text = new GZIPInputStream(file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path write(String text) throws IOException {
        Path file = folder.resolve("journal.jsonl.gz");
        try (OutputStream bytes = new GZIPOutputStream(Files.newOutputStream(file))) {
            bytes.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
