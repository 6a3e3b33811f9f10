package org.pgrehearse.scenarios.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Logs with marks of their own for where a message ends: damage to them costs statements and never makes one. */
final class LogMutationsTest {
    private static final int MUTATIONS = 500;
    private static final int CUT_STEP = 5;
    private static final List<String> STATEMENTS = List.of(
            "BEGIN",
            "DELETE FROM t\n WHERE name = 'a, b' AND \"c\" = 1",
            "UPDATE t SET a = 1 WHERE id = 2",
            "SELECT 1 / 0",
            "COMMIT");

    @TempDir
    private Path folder;

    private static String csv() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < STATEMENTS.size(); i++) {
            log.append("2024-03-01 10:00:0")
                    .append(i)
                    .append(".000 UTC,\"app\",\"shop\",42,\"127.0.0.1:5000\",65e1a001.2a,");
            log.append(i + 1).append(",\"idle\",2024-03-01 10:00:00 UTC,3/5,0,LOG,00000,\"statement: ");
            log.append(STATEMENTS.get(i).replace("\"", "\"\"")).append("\",,,,,,,,,\"psql\",\"client backend\",,0\n");
        }
        return log.toString();
    }

    private static String json() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < STATEMENTS.size(); i++) {
            log.append("{\"timestamp\":\"2024-03-01 10:00:0").append(i).append(".000 UTC\",\"pid\":42,");
            log.append("\"session_id\":\"65e1a001.2a\",\"error_severity\":\"LOG\",\"message\":");
            log.append(JsonMapper.shared().writeValueAsString("statement: " + STATEMENTS.get(i)))
                    .append("}\n");
        }
        return log.toString();
    }

    @Test
    void both_logs_hold_all_statements() throws IOException {
        assertThat(capture(Capture.Format.CSVLOG, csv())).containsExactlyElementsOf(STATEMENTS);
        assertThat(capture(Capture.Format.JSONLOG, json())).containsExactlyElementsOf(STATEMENTS);
    }

    @Test
    void a_log_cut_off_anywhere_gives_only_whole_statements() throws IOException {
        for (int end = 0; end < csv().length(); end += CUT_STEP) {
            assertThat(STATEMENTS).containsAll(capture(Capture.Format.CSVLOG, csv().substring(0, end)));
        }
        for (int end = 0; end < json().length(); end += CUT_STEP) {
            assertThat(STATEMENTS).containsAll(capture(Capture.Format.JSONLOG, json().substring(0, end)));
        }
    }

    @Test
    void no_mutation_makes_a_statement_that_is_not_in_the_log() throws IOException {
        SplittableRandom random = new SplittableRandom(20_240_303);
        for (int i = 0; i < MUTATIONS; i++) {
            String mutated = CaptureTest.mutate(csv(), random);
            for (String sql : capture(Capture.Format.CSVLOG, mutated)) {
                assertThat(mutated).as("csv, mutation " + i).contains(sql.replace("\"", "\"\""));
            }
            mutated = CaptureTest.mutate(json(), random);
            for (String sql : capture(Capture.Format.JSONLOG, mutated)) {
                String written = JsonMapper.shared().writeValueAsString(sql);
                assertThat(mutated).as("json, mutation " + i).contains(written.substring(1, written.length() - 1));
            }
        }
    }

    private List<String> capture(Capture.Format format, String log) throws IOException {
        Path file = Files.writeString(folder.resolve("log"), log);
        Path out = folder.resolve("workload.jsonl.gz");
        Tally tally = new Capture(format, LinePrefix.of("%m [%p] "), null).run(List.of(file), out);
        List<String> found = new ArrayList<>();
        WorkloadFile.read(out).forEach(each -> found.add(String.valueOf(each.sql())));
        assertThat(found).hasSize(Math.toIntExact(tally.statements()));
        return found;
    }
}
