package org.pgrehearse.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.JournalWriter;
import org.pgrehearse.reports.journal.RunClock;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;

final class ReportsTest {
    /** Left in place after the build, for people who want to look at them. */
    private static final Path SAMPLES = Path.of("target", "sample-reports");

    @TempDir
    Path folder;

    @Test
    void a_whole_rehearsal_passes_and_is_written() throws IOException {
        Judgement judgement = Judge.judge(WholeRun.passing());
        assertThat(judgement.reasons()).isEmpty();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
        Reports.write(judgement, SAMPLES.resolve("passed"));
        assertFiles(SAMPLES.resolve("passed"));
    }

    @Test
    void a_whole_rehearsal_that_lost_writes_fails_and_is_written() throws IOException {
        Judgement judgement = Judge.judge(WholeRun.failing());
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.FAILED);
        assertThat(judgement.history().stranded()).isPositive();
        assertThat(judgement.history().leaked()).isEqualTo(1);
        Reports.write(judgement, SAMPLES.resolve("failed"));
        assertFiles(SAMPLES.resolve("failed"));
    }

    @Test
    void a_rehearsal_that_died_is_inconclusive_and_is_written() throws IOException {
        List<Event> events = WholeRun.passing();
        Judgement judgement = Judge.judge(events.subList(0, events.size() / 2));
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        Reports.write(judgement, SAMPLES.resolve("inconclusive"));
        assertFiles(SAMPLES.resolve("inconclusive"));
    }

    @Test
    void a_recording_without_anything_is_written_too() throws IOException {
        Reports.write(Judge.judge(List.of()), SAMPLES.resolve("empty"));
        assertFiles(SAMPLES.resolve("empty"));
    }

    @Test
    void a_comparison_alone_is_written() throws IOException {
        Reports.write(Verifications.everything("</script>"), SAMPLES.resolve("verify"));
        assertFiles(SAMPLES.resolve("verify"));
    }

    @Test
    void a_judgement_is_the_same_from_the_file_as_from_the_events() {
        List<Event> events = WholeRun.failing();
        Path file = write(events);
        assertThat(Reports.judge(file)).isEqualTo(Judge.judge(events));
    }

    @Test
    void a_journal_that_was_cut_is_judged_as_far_as_it_goes() throws IOException {
        Path file = write(WholeRun.passing());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        Judgement judgement = Reports.judge(file);
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.reasons())
                .anyMatch(reason -> reason.text().startsWith("Trouble in journal: its compressed end is missing"));
    }

    private Path write(List<Event> events) {
        Path file = folder.resolve("journal.jsonl.gz");
        try (JournalWriter writer = new JournalWriter(file, RunClock.startedNow())) {
            events.forEach(writer::record);
        }
        return file;
    }

    private static void assertFiles(Path written) throws IOException {
        try (Stream<Path> files = Files.list(written)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("report.json", "report.html", "junit.xml", "summary.md");
        }
    }
}
