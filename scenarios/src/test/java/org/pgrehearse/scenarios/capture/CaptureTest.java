package org.pgrehearse.scenarios.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureTest {
    private static final String PREFIX = "%m [%p] %q%u@%d ";
    private static final int MUTATIONS = 2_000;

    /** As PostgreSQL 15 writes it. */
    private static final String STDERR = """
            2024-03-01 10:00:00.000 UTC [41] LOG:  database system is ready to accept connections
            2024-03-01 10:00:01.000 UTC [42] app@shop LOG:  statement: BEGIN;
            2024-03-01 10:00:01.010 UTC [43] app@shop LOG:  duration: 5.250 ms  statement: SELECT 'a
            \tb', "c"
            2024-03-01 10:00:01.020 UTC [42] app@shop LOG:  execute S_1/C_2: UPDATE t SET a = $1 WHERE id = $2
            2024-03-01 10:00:01.020 UTC [42] app@shop DETAIL:  parameters: $1 = 'it''s, $2 = ''x''', $2 = NULL
            2024-03-01 10:00:01.025 UTC [42] app@shop LOG:  duration: 4.000 ms
            2024-03-01 10:00:01.030 UTC [42] app@shop LOG:  statement: SELECT 1/0
            2024-03-01 10:00:01.031 UTC [42] app@shop ERROR:  division by zero
            2024-03-01 10:00:01.031 UTC [42] app@shop STATEMENT:  SELECT 1/0
            2024-03-01 10:00:01.040 UTC [42] app@shop LOG:  statement: ALTER ROLE app PASSWORD 'hunter2'
            2024-03-01 10:00:01.041 UTC [42] app@shop LOG:  execute <unnamed>: INSERT INTO t VALUES ($1)
            2024-03-01 10:00:01.041 UTC [42] app@shop DETAIL:  parameters: $1 = 'cut...'
            2024-03-01 10:00:01.042 UTC [42] app@shop LOG:  statement: COPY t FROM STDIN
            2024-03-01 10:00:01.050 UTC [42] app@shop LOG:  disconnection: session time: 0:00:00.050 user=app
            """;

    @TempDir
    private Path folder;

    private Tally tally = new Tally();

    @Test
    void a_plain_log_gives_its_statements_with_sessions_times_and_parameters() throws IOException {
        List<Recorded> recorded = capture(STDERR, null);

        assertThat(recorded)
                .containsExactlyInAnyOrder(
                        new Recorded("42", 0, "BEGIN;", List.of(), -1, ""),
                        new Recorded("43", 4_750, "SELECT 'a\nb', \"c\"", List.of(), 5_250, ""),
                        new Recorded(
                                "42",
                                20_000,
                                "UPDATE t SET a = $1 WHERE id = $2",
                                Arrays.asList("it's, $2 = 'x'", null),
                                4_000,
                                ""),
                        new Recorded("42", 30_000, "SELECT 1/0", List.of(), -1, "XX000"),
                        new Recorded("42", 50_000, null, List.of(), -1, ""));
        assertThat(tally.skipped()).containsOnlyKeys("secret", "parameters", "copy");
        assertThat(tally.examples()).anyMatch(example -> example.startsWith("log:11: a statement that may hold"));
    }

    @Test
    void what_is_damaged_is_counted_and_never_becomes_a_statement() throws IOException {
        String log = """
                2024-03-01 10:00:01.000 UTC [42] app@shop LOG:  statement: DELETE FROM t
                garbage between the lines
                \t WHERE id = 7
                2024-03-01 10:00:02.000 UTC [42] app@shop LOG:  statement: SELECT 1
                2024-03-01 10:00:03.000 UTC [42] app@shop LOG:  statement: DELETE FROM t WHE""";

        assertThat(capture(log, null)).extracting(Recorded::sql).containsExactly();
        assertThat(tally.skipped()).containsEntry("damaged", 3L);
    }

    @Test
    void values_are_masked_the_same_each_time_and_keep_their_type() {
        Mask mask = new Mask("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        String sql = "SELECT 'Alice', \"Alice\", 12345, 7, x1, $1, E'it\\'s', '2024-02-29 10:00:00+00' -- Alice";
        String masked = mask.statement(sql);

        assertThat(masked)
                .isEqualTo(mask.statement(sql))
                .doesNotContain("'Alice'")
                .doesNotContain("12345");
        assertThat(masked).doesNotContain("-- Alice").contains("\"Alice\"", ", 7, x1, $1, E'");
        assertThat(masked).containsPattern("'[A-Z][a-z]{4}'").containsPattern("'\\d{4}-\\d\\d-\\d\\d 10:00:00\\+00'");
        assertThat(mask.value("12345")).containsPattern("^[1-9]\\d{4}$").isNotEqualTo("12345");
        assertThat(Long.parseLong(mask.value("2147483647"))).isLessThan(Integer.MAX_VALUE);
        assertThat(mask.value("a1b2c3d4-0000-1111-2222-333344445555"))
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(mask.parameter(null)).isNull();
        assertThat(new Mask("another key, 16 b".getBytes(StandardCharsets.UTF_8)).value("Alice"))
                .isNotEqualTo(mask.value("Alice"));
    }

    @Test
    void secrets_never_reach_the_file() throws IOException {
        String log = List.of(
                        "CREATE USER a PASSWORD 'hunter2'",
                        "ALTER ROLE a WITH ENCRYPTED PASSWORD 'hunter2'",
                        "CREATE SUBSCRIPTION s CONNECTION 'host=x password=hunter2' PUBLICATION p",
                        "SELECT dblink('host=h user=u', 'hunter2')",
                        "SELECT 'postgresql://u:hunter2@host/db'",
                        "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'hunter2')",
                        "SELECT 1")
                .stream()
                .map(sql -> "2024-03-01 10:00:01.000 UTC [42] app@shop LOG:  statement: " + sql + "\n")
                .collect(Collectors.joining(
                        "", "", "2024-03-01 10:00:02.000 UTC [42] app@shop LOG:  checkpoint starting\n"));

        assertThat(capture(log, null)).extracting(Recorded::sql).containsExactly("SELECT 1");
        assertThat(tally.skipped()).containsEntry("secret", 6L);
    }

    @Test
    void a_prefix_without_time_or_session_is_refused() {
        assertThatThrownBy(() -> LinePrefix.of("%u@%d ")).hasMessageContaining("it needs a time");
        assertThatThrownBy(() -> LinePrefix.of("%m ")).hasMessageContaining("a session (%c or %p)");
    }

    @Test
    void parameters_that_are_cut_off_or_misspelt_are_refused() {
        assertThat(Parameters.parse("Parameters: $1 = '1', $2 = ''")).contains(List.of("1", ""));
        for (String wrong : List.of(
                "parameters: $1 = 'a",
                "parameters: $2 = 'a'",
                "parameters: $1 = a",
                "parameters: $1 = 'abc...'",
                "parameters: $1 = 'a'$2 = 'b'",
                "something: $1 = 'a'")) {
            assertThat(Parameters.parse(wrong)).as(wrong).isEmpty();
        }
    }

    /** Lines lost, doubled, swapped or cut, bytes changed: nothing crashes, and nothing is found that is not there. */
    @Test
    void no_mutation_of_a_log_makes_a_statement_that_it_does_not_hold() throws IOException {
        long seed = 20_240_301;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            String mutated = mutate(STDERR, random);
            for (Recorded each : capture(mutated, null)) {
                if (each.sql() != null) {
                    assertThat(mutated.replace("\n\t", "\n"))
                            .as("seed %s, mutation %s", seed, i)
                            .contains(each.sql());
                }
            }
        }
    }

    @Test
    void a_log_cut_off_anywhere_gives_only_what_the_whole_log_gives() throws IOException {
        Set<String> whole = statements(STDERR);
        for (int end = 0; end < STDERR.length(); end++) {
            assertThat(whole).containsAll(statements(STDERR.substring(0, end)));
        }
    }

    private Set<String> statements(String log) throws IOException {
        return capture(log, null).stream()
                .map(Recorded::sql)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    static String mutate(String log, SplittableRandom random) {
        StringBuilder text = new StringBuilder(log);
        int at = random.nextInt(text.length());
        int length = random.nextInt(1, 60);
        int end = Math.min(text.length(), at + length);
        switch (random.nextInt(5)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, text.substring(at, end));
            case 2 -> text.setCharAt(at, (char) random.nextInt(1, 300));
            case 3 -> text.insert(at, "\n");
            default -> text.setLength(at);
        }
        return text.toString();
    }

    private List<Recorded> capture(String log, @Nullable Mask mask) throws IOException {
        Path file = Files.writeString(folder.resolve("log"), log);
        Path out = folder.resolve("workload.jsonl.gz");
        tally = new Capture(Capture.Format.STDERR, LinePrefix.of(PREFIX), mask).run(List.of(file), out);
        return WorkloadFile.read(out);
    }
}
