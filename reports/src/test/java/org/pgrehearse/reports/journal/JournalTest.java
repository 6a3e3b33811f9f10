package org.pgrehearse.reports.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir
    Path folder;

    @Test
    void every_kind_of_event_survives_the_file_unchanged() {
        List<Event> events = EveryEvent.examples();
        assertThat(events.stream().map(Object::getClass))
                .hasSameElementsAs(Arrays.asList(Event.class.getPermittedSubclasses()));
        Path file = write(events);
        List<Event> read = new ArrayList<>();
        JournalTail tail = new JournalReader(file).read(read::add);
        assertThat(read).isEqualTo(events);
        assertThat(tail).isEqualTo(new JournalTail(events.size(), false, ""));
    }

    @Test
    void an_event_is_one_line_that_names_itself_first() {
        String line = new String(new EventFormat().line(new Event.Remark(34, "two\nlines")), UTF_8);
        assertThat(line).isEqualTo("{\"event\":\"remark\",\"atNanos\":34,\"text\":\"two\\nlines\"}");
    }

    @Test
    void a_killed_process_leaves_a_readable_prefix() throws IOException {
        Path file = folder.resolve("killed.jsonl.gz");
        Path copy = folder.resolve("copy.jsonl.gz");
        try (JournalWriter writer = new JournalWriter(file, RunClock.startedNow())) {
            for (int i = 0; i < 1000; i++) {
                writer.record(new Event.Remark(i, "remark " + i));
            }
            await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Files.write(copy, Files.readAllBytes(file));
                List<Event> read = new ArrayList<>();
                JournalTail tail = new JournalReader(copy).read(read::add);
                assertThat(read).hasSize(1000);
                assertThat(tail.truncated()).isTrue();
            });
        }
    }

    @Test
    void a_cut_anywhere_is_reported_and_what_came_before_is_read() throws IOException {
        byte[] whole = Files.readAllBytes(write(EveryEvent.examples()));
        for (int length = 0; length < whole.length; length += 13) {
            Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, length));
            List<Event> read = new ArrayList<>();
            JournalTail tail = new JournalReader(cut).read(read::add);
            assertThat(tail.truncated()).as("cut at %d", length).isTrue();
            assertThat(tail.events()).isEqualTo(read.size());
            assertThat(read).isEqualTo(EveryEvent.examples().subList(0, read.size()));
        }
    }

    @Test
    void a_last_line_without_an_end_is_reported() throws IOException {
        Path file = gzip("{\"event\":\"remark\",\"atNanos\":1,\"text\":\"whole\"}\n{\"event\":\"rem");
        List<Event> read = new ArrayList<>();
        JournalTail tail = new JournalReader(file).read(read::add);
        assertThat(read).containsExactly(new Event.Remark(1, "whole"));
        assertThat(tail.detail())
                .isEqualTo("its last line has no end; 1 events before it were read, what came" + " after is lost");
    }

    @Test
    void garbage_is_an_error_that_names_the_line() throws IOException {
        String good = "{\"event\":\"remark\",\"atNanos\":1,\"text\":\"whole\"}\n";
        for (String bad : List.of(
                "garbage",
                "{}",
                "{\"event\":\"unheard-of\"}",
                "{\"event\":\"remark\",\"atNanos\":1}",
                "{\"event\":\"remark\",\"text\":\"no time\"}",
                "",
                "{\"event\":\"fenced\",\"atNanos\":1,\"side\":\"MIDDLE\",\"lsn\":\"0/1\"}")) {
            Path file = gzip(good + bad + "\n" + good);
            assertThatThrownBy(() -> new JournalReader(file).read(event -> {}))
                    .as(bad)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("line 2 is not an event");
        }
    }

    @Test
    void a_file_that_is_not_compressed_is_refused() throws IOException {
        Path file = Files.writeString(folder.resolve("plain.jsonl"), "{\"event\":\"remark\"}\n");
        assertThatThrownBy(() -> new JournalReader(file).read(event -> {}))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("it is not a gzip file");
    }

    @Test
    void a_full_disk_is_an_error_of_the_next_record_and_of_close() {
        OutputStream full = new OutputStream() {
            private long left = 4096;

            @Override
            public void write(int b) throws IOException {
                if (left-- <= 0) {
                    throw new IOException("No space left on device");
                }
            }
        };
        JournalWriter writer = new JournalWriter("full.gz", full, RunClock.startedNow());
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThatThrownBy(() -> Stream.iterate(0, i -> i + 1)
                                .limit(100_000)
                                .forEach(i -> writer.record(new Event.Remark(i, "remark " + i * 7919L))))
                        .isInstanceOf(JournalException.class)
                        .hasMessage(
                                "Cannot write journal full.gz: No space left on device. Free or change the disk and run"
                                        + " again; this recording is not complete."));
        assertThatThrownBy(writer::close).isInstanceOf(JournalException.class).hasMessageContaining("No space left");
    }

    @Test
    void a_disk_that_fills_at_the_very_end_is_an_error_of_close() {
        OutputStream full = new OutputStream() {
            private boolean header = true;

            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void write(byte[] bytes, int start, int length) throws IOException {
                if (!header) {
                    throw new IOException("No space left on device");
                }
                header = false;
            }
        };
        JournalWriter writer = new JournalWriter("full.gz", full, RunClock.startedNow());
        writer.record(new Event.Remark(1, "one"));
        assertThatThrownBy(writer::close).isInstanceOf(JournalException.class).hasMessageContaining("No space left");
    }

    @Test
    void an_interrupted_thread_can_still_record_and_close() {
        Path file = folder.resolve("interrupted.gz");
        Thread.currentThread().interrupt();
        try (JournalWriter writer = new JournalWriter(file, RunClock.startedNow())) {
            for (int i = 0; i < 200_000; i++) {
                writer.record(new Event.Remark(i, "more than fits the queue"));
            }
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(new JournalReader(file).read(event -> {})).isEqualTo(new JournalTail(200_000, false, ""));
    }

    @Test
    void a_closed_journal_takes_nothing() {
        JournalWriter writer = new JournalWriter(folder.resolve("closed.gz"), RunClock.startedNow());
        writer.close();
        assertThatIllegalStateException().isThrownBy(() -> writer.record(new Event.Remark(1, "late")));
    }

    @Test
    void a_folder_that_is_not_there_is_an_error_at_once() {
        Path file = folder.resolve("absent").resolve("journal.gz");
        assertThatThrownBy(() -> new JournalWriter(file, RunClock.startedNow()))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("Cannot create journal ");
    }

    @Test
    void the_clock_starts_at_zero_and_follows_its_source() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        RunClock clock = new RunClock(nanos::get);
        assertThat(clock.nowNanos()).isZero();
        nanos.addAndGet(17);
        assertThat(clock.nowNanos()).isEqualTo(17);
    }

    private Path write(List<Event> events) {
        Path file = folder.resolve("journal.jsonl.gz");
        try (JournalWriter writer = new JournalWriter(file, RunClock.startedNow())) {
            events.forEach(writer::record);
        }
        return file;
    }

    private Path gzip(String text) throws IOException {
        Path file = folder.resolve("text.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(UTF_8));
        }
        return file;
    }
}
