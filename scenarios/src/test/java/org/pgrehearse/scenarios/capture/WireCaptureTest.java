package org.pgrehearse.scenarios.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.scenarios.capture.WireTalk.bytes;
import static org.pgrehearse.scenarios.capture.WireTalk.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.proxy.Interceptor;

final class WireCaptureTest {
    private static final int MUTATIONS = 3_000;
    private static final long PLENTY = 64L << 20;

    @TempDir
    private Path folder;

    private Tally tally = new Tally();
    private String file = "";

    private static Interceptor.Link link() {
        return new Interceptor.Link(7, question -> 0.5, () -> {});
    }

    private List<Recorded> capture(WireTalk talk, @Nullable Mask mask, long bytesMax) throws IOException {
        Path out = folder.resolve("wire.jsonl.gz");
        try (WireCapture capture = new WireCapture(WorkloadFile.create(out), out, mask, bytesMax, 1_000)) {
            capture.startWriting();
            Interceptor session = capture.connected(link());
            WireTalk.say(talk.turns(), session);
            session.over();
            tally = capture.tally();
        }
        try (InputStream plain = new GZIPInputStream(Files.newInputStream(out))) {
            file = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
        return WorkloadFile.read(out);
    }

    @Test
    void statements_come_with_their_parameters_failures_answers_and_end() throws IOException {
        WireTalk talk = WireTalk.begun()
                .extended("s", "UPDATE t SET a = $2 WHERE id = $1", 5, "é")
                .done()
                .client('Q', text("INSERT INTO t (a) VALUES (1) RETURNING id, a"))
                .server(
                        'T',
                        bytes(0, 2),
                        text("id"),
                        bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 0, 0, 0, 0, 0, 0),
                        text("a"),
                        bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 0, 4, 0, 0, 0, 0, 0, 0))
                .server('D', bytes(0, 2, 0, 0, 0, 2, '1', '7', 0, 0, 0, 1, '1'))
                .server('C', text("INSERT 0 1"))
                .ready()
                .client('Q', text("COPY t FROM STDIN"))
                .server('G', bytes(0, 0, 0))
                .client('d', "1\tx\n".getBytes(StandardCharsets.UTF_8))
                .client('c')
                .server('C', text("COPY 1"))
                .ready()
                .client('Q', text("SELECT 1 / 0"))
                .failure("22012")
                .ready()
                .client('Q', text("SELECT never_answered()"));

        List<Recorded> recorded = capture(talk, null, PLENTY);
        assertThat(recorded)
                .extracting(Recorded::sql)
                .containsExactly(
                        "UPDATE t SET a = $2 WHERE id = $1",
                        "INSERT INTO t (a) VALUES (1) RETURNING id, a",
                        "COPY t FROM STDIN",
                        "SELECT 1 / 0",
                        "SELECT never_answered()",
                        null);
        assertThat(recorded.get(0).parameters()).containsExactly("5", "é");
        List<List<@Nullable String>> results = recorded.get(1).results();
        assertThat(results).hasSize(1);
        assertThat(results == null ? List.of() : results.getFirst()).containsExactly("17", null);
        assertThat(recorded.get(2).copy()).isEqualTo("1\tx\n");
        assertThat(recorded).extracting(Recorded::sqlState).containsExactly("", "", "", "22012", "08006", "");
        assertThat(tally.skipped()).isEmpty();
    }

    /** After a failure the server does nothing before the next Sync, however much the client has sent. */
    @Test
    void what_a_failed_pipeline_never_executed_is_not_recorded() throws IOException {
        WireTalk talk = WireTalk.begun()
                .client('P', text("", "SELECT wrong"), bytes(0, 0))
                .client('B', text("", ""), bytes(0, 0, 0, 0, 0, 0))
                .client('E', text(""), bytes(0, 0, 0, 0))
                .client('P', text("", "DELETE FROM t"), bytes(0, 0))
                .failure("42703")
                .client('B', text("", ""), bytes(0, 0, 0, 0, 0, 0))
                .client('E', text(""), bytes(0, 0, 0, 0))
                .client('S')
                .ready()
                .query("SELECT 2");

        List<Recorded> recorded = capture(talk, null, PLENTY);
        assertThat(recorded).extracting(Recorded::sql).containsExactly("SELECT wrong", "SELECT 2", null);
        assertThat(recorded.getFirst().sqlState()).isEqualTo("42703");
    }

    @Test
    void no_password_and_no_secret_reaches_the_file() throws IOException {
        WireTalk talk = WireTalk.begun()
                .query("ALTER ROLE app PASSWORD 'hunter2'")
                .extended("", "SELECT $1::int, $2", 1, "postgresql://u:hunter2@h/d")
                .done()
                .query("SELECT 1");

        assertThat(capture(talk, null, PLENTY)).extracting(Recorded::sql).containsExactly("SELECT 1", null);
        assertThat(file).doesNotContain("hunter2");
        assertThat(tally.skipped()).containsEntry("secret", 2L);
    }

    @Test
    void masks_hold_for_parameters_answers_and_copied_fields_alike() throws IOException {
        Mask mask = new Mask("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        WireTalk talk = WireTalk.begun()
                .client('Q', text("COPY t FROM STDIN"))
                .server('G', bytes(0, 0, 0))
                .client('d', "12345\tAlice\\tB\t\\N\n\\.\n".getBytes(StandardCharsets.UTF_8))
                .client('c')
                .server('C', text("COPY 1"))
                .ready()
                .client('Q', text("COPY t FROM STDIN WITH (FORMAT csv)"))
                .server('G', bytes(0, 0, 0))
                .client('d', "Alice\n".getBytes(StandardCharsets.UTF_8))
                .client('c')
                .server('C', text("COPY 1"))
                .ready()
                .extended("", "SELECT $1, $2", 12_345, "Alice")
                .done();

        List<Recorded> recorded = capture(talk, mask, PLENTY);
        assertThat(file).doesNotContain("Alice").doesNotContain("12345");
        assertThat(recorded.getFirst().copy())
                .isEqualTo(mask.value("12345") + "\t" + mask.value("Alice") + "\\t" + mask.value("B") + "\t\\N\n\\.\n");
        assertThat(recorded.get(1).parameters()).containsExactly(mask.value("12345"), mask.value("Alice"));
        assertThat(tally.skipped()).containsEntry("copy", 1L);
    }

    @Test
    void what_cannot_be_read_is_counted_by_its_reason() throws IOException {
        byte[] ssl = ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();
        WireTalk encrypted = new WireTalk().clientRaw(ssl);
        encrypted.turns().add(new WireTalk.Turn(false, List.of((byte) 'S')));
        encrypted.clientRaw(bytes(22, 3, 1, 0, 5));
        assertThat(capture(encrypted, null, PLENTY)).isEmpty();
        assertThat(tally.skipped()).containsExactly(Map.entry("encrypted", 1L));

        byte[] large = new byte[WireMessages.BODY_BYTES_MAX + 1];
        WireTalk others = WireTalk.begun()
                .client('P', text("", "SELECT $1"), bytes(0, 1, 0, 0, 2, 88))
                .client('B', text("", ""), bytes(0, 1, 0, 1, 0, 1, 0, 0, 0, 2, 9, 9, 0, 0))
                .client('E', text(""), bytes(0, 0, 0, 0))
                .client('S')
                .done()
                .client('Q', large)
                .server('C', text("OK"))
                .ready()
                .client('F', bytes(0, 0, 0, 1))
                .server('V', bytes(0, 0, 0, 0))
                .ready()
                .client('Q', text("COPY t FROM STDIN"))
                .server('G', bytes(0, 0, 0))
                .client('d', large)
                .client('c')
                .server('C', text("COPY 1"))
                .ready()
                .query("SELECT 1");
        assertThat(capture(others, null, PLENTY)).extracting(Recorded::sql).containsExactly("SELECT 1", null);
        assertThat(tally.skipped())
                .containsEntry("binary", 1L)
                .containsEntry("too-long", 1L)
                .containsEntry("function-call", 1L)
                .containsEntry("copy-too-long", 1L);
    }

    @Test
    void without_memory_statements_are_left_out_and_counted_while_traffic_goes_on() throws IOException {
        WireTalk talk =
                WireTalk.begun().query("SELECT '" + "x".repeat(20_000) + "'").query("SELECT 1");
        Path out = folder.resolve("small");
        try (WireCapture capture = new WireCapture(WorkloadFile.create(out), out, null, 10_000, 1_000)) {
            capture.startWriting();
            Interceptor session = capture.connected(link());
            int sent =
                    talk.turns().stream().mapToInt(turn -> turn.bytes().size()).sum();
            assertThat(WireTalk.say(talk.turns(), session)).hasSize(sent);
            session.over();
            tally = capture.tally();
        }
        assertThat(tally.skipped()).containsExactly(Map.entry("memory", 1L));
        assertThat(WorkloadFile.read(out)).extracting(Recorded::sql).containsExactly("SELECT 1", null);
    }

    /** Its writer stands still: the queue fills, nobody waits, and what is lost is counted. */
    @Test
    void a_disk_that_is_too_slow_costs_statements_and_never_time() throws IOException {
        Path out = folder.resolve("slow");
        WireTalk talk = WireTalk.begun().query("SELECT 1").query("SELECT 2").query("SELECT 3");
        try (WireCapture capture = new WireCapture(WorkloadFile.create(out), out, null, PLENTY, 2)) {
            Interceptor session = capture.connected(link());
            WireTalk.say(talk.turns(), session);
            session.over();
            assertThat(capture.tally().skipped()).containsExactly(Map.entry("slow-disk", 2L));
            capture.startWriting();
        }
        assertThat(WorkloadFile.read(out)).extracting(Recorded::sql).containsExactly("SELECT 1", "SELECT 2");
    }

    /** Bytes lost, doubled, changed or cut: all pass as they are, all memory comes back, nothing is made up. */
    @Test
    void no_mutation_of_traffic_crashes_holds_memory_or_makes_a_statement_that_was_not_sent() {
        WireTalk talk = WireTalk.begun()
                .extended("s", "UPDATE t SET a = $2 WHERE id = $1", 5, "six")
                .done()
                .query("INSERT INTO t VALUES (1)")
                .client('Q', text("COPY t FROM STDIN"))
                .server('G', bytes(0, 0, 0))
                .client('d', "1\tx\n".getBytes(StandardCharsets.UTF_8))
                .client('c')
                .server('C', text("COPY 1"))
                .ready()
                .client('Q', text("SELECT 1 / 0"))
                .failure("22012")
                .ready()
                .client('X');
        SplittableRandom random = new SplittableRandom(20_240_302);
        for (int i = 0; i < MUTATIONS; i++) {
            List<WireTalk.Turn> mutated = mutate(talk.turns(), random);
            WireBudget budget = new WireBudget(1 << 20);
            List<Recorded> found = new ArrayList<>();
            WireSession session = new WireSession("1", budget, () -> 0, new WireDialog.Sink() {
                @Override
                public void found(Recorded recorded, String place) {
                    found.add(recorded);
                }

                @Override
                public void leftOut(String reason, String place, String why) {
                    assertThat(reason).isNotBlank();
                }
            });
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            mutated.forEach(turn -> sent.writeBytes(WireTalk.raw(turn.bytes())));
            assertThat(WireTalk.say(mutated, session)).isEqualTo(sent.toByteArray());
            session.over();
            assertThat(budget.held()).as("mutation " + i).isZero();
            ByteArrayOutputStream asked = new ByteArrayOutputStream();
            mutated.stream()
                    .filter(WireTalk.Turn::client)
                    .forEach(turn -> asked.writeBytes(WireTalk.raw(turn.bytes())));
            String all = asked.toString(StandardCharsets.UTF_8);
            for (Recorded each : found) {
                String sql = each.sql();
                if (sql != null) {
                    assertThat(all).as("mutation " + i).contains(sql);
                }
            }
        }
    }

    private static List<WireTalk.Turn> mutate(List<WireTalk.Turn> turns, SplittableRandom random) {
        List<WireTalk.Turn> mutated = new ArrayList<>(turns);
        int at = random.nextInt(mutated.size());
        WireTalk.Turn turn = mutated.get(at);
        List<Byte> changed = new ArrayList<>(turn.bytes());
        int place = changed.isEmpty() ? 0 : random.nextInt(changed.size());
        switch (random.nextInt(7)) {
            case 0 -> mutated.remove(at);
            case 1 -> mutated.add(at, turn);
            case 2 -> changed.subList(place, changed.size()).clear();
            case 3 -> changed.set(place, (byte) random.nextInt(256));
            case 4 -> changed.add(place, (byte) random.nextInt(256));
            case 5 -> changed.set(Math.min(1, changed.size() - 1), (byte) 0x7f);
            default -> mutated.subList(at, mutated.size()).clear();
        }
        if (at < mutated.size() && mutated.get(at).equals(turn)) {
            mutated.set(at, new WireTalk.Turn(turn.client(), changed));
        }
        return mutated;
    }
}
