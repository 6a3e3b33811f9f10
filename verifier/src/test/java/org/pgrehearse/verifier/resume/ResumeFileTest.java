package org.pgrehearse.verifier.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.chunk.BucketSums;
import org.pgrehearse.verifier.chunk.KeyCuts;
import org.pgrehearse.verifier.chunk.PassLedger;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.rows.Findings;
import org.pgrehearse.verifier.snapshot.Moment;

final class ResumeFileTest {
    private static final List<RowDifference> EVERY_KIND = List.of(
            new RowDifference.Missing(List.of(new Cell("id", "11"))),
            new RowDifference.Unexpected(List.of(new Cell("id", "12"), new Cell("part", null))),
            new RowDifference.Changed(
                    List.of(new Cell("id", "13")), List.of(new ColumnChange("note", null, "line\nbreak \"'é"))),
            new RowDifference.Occurrences(List.of(new Cell("v", "14")), 3, 5));

    private static final List<Entry> ENTRIES = List.of(
            new Entry.Subject(1, "7001/5", "7002/6", "exact"),
            new Entry.Opened(new Moment("0/1A", "740:740:"), new Moment(null, "81:85:83")),
            new Entry.Cut("a.b=c.d", new KeyCuts("\"id\"", "int8", List.of("10", "20"))),
            new Entry.Done("a.b=c.d", 0, 2, 4_294_967_297L, 18, new Findings(1, 2, 3, true, EVERY_KIND)),
            new Entry.Bucketed("a.f=a.f", 64),
            new Entry.Passed(
                    "a.f=a.f",
                    Side.TARGET,
                    new PassLedger.Pass(
                            List.of(new Slice.Pages(3, 4_294_967_298L, true)),
                            List.of(new BucketSums.Sum(63, 5, Long.MIN_VALUE)))),
            new Entry.Finished(
                    "a.e=a.e",
                    new TableComparison(
                            "a.e",
                            "a.e",
                            Verdict.DIVERGENT,
                            "exact",
                            "key-range",
                            21,
                            22,
                            1,
                            2,
                            1,
                            false,
                            EVERY_KIND,
                            null)));

    private final Path path;

    ResumeFileTest(@TempDir Path folder) {
        path = folder.resolve("resume");
    }

    private void write() {
        try (ResumeFile file = ResumeFile.open(path)) {
            assertThat(file.before()).isEmpty();
            ENTRIES.forEach(file::append);
        }
    }

    private List<Entry> read() {
        try (ResumeFile file = ResumeFile.open(path)) {
            return file.before();
        }
    }

    @Test
    void what_was_appended_is_read_again() {
        write();
        assertThat(read()).isEqualTo(ENTRIES);
    }

    @Test
    void a_file_that_cannot_be_written_any_more_is_told_and_not_fatal() {
        ResumeFile file = ResumeFile.open(path);
        file.append(ENTRIES.getFirst());
        assertThat(file.lost()).isEmpty();
        file.close();
        file.append(ENTRIES.get(1));
        assertThat(file.lost())
                .hasValueSatisfying(lost -> assertThat(lost)
                        .startsWith("Cannot write to " + path + ": ")
                        .endsWith("can be continued only from what was written before."));
        assertThat(read()).containsExactly(ENTRIES.getFirst());
    }

    @Test
    void the_file_with_its_values_is_for_its_owner_only() throws IOException {
        write();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_last_line_that_was_torn_at_any_byte_is_dropped_and_the_rest_is_kept() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(path);
        int lastLine = whole.length - 1;
        while (whole[lastLine - 1] != '\n') {
            lastLine--;
        }
        for (int length = lastLine; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThat(read()).as("%s bytes", length).isEqualTo(ENTRIES.subList(0, ENTRIES.size() - 1));
        }
        try (ResumeFile file = ResumeFile.open(path)) {
            file.append(ENTRIES.getLast());
        }
        assertThat(read()).isEqualTo(ENTRIES);
    }

    @Test
    void damage_in_the_middle_is_refused() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length / 2; i += 7) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(path, damaged);
            assertThatThrownBy(this::read)
                    .as("byte %s", i)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("is damaged. Remove the file to start over.");
        }
    }

    @Test
    void a_file_in_use_is_refused() {
        try (ResumeFile first = ResumeFile.open(path)) {
            first.append(ENTRIES.getFirst());
            assertThatThrownBy(this::read)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("another comparison uses it");
        }
        assertThat(read()).hasSize(1);
    }

    @Test
    void a_file_that_cannot_be_made_is_refused() {
        assertThatThrownBy(() -> ResumeFile.open(path.resolve("no-folder").resolve("file")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Name another file");
    }

    @Test
    void fingerprints_of_neighbors_differ() {
        assertThat(Fingerprint.of("abc")).isNotEqualTo(Fingerprint.of("abd"));
        assertThat(Fingerprint.of("abc").toString()).hasSize(Fingerprint.DIGITS).matches("[0-9a-f]+");
    }
}
