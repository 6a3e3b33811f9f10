package org.pgrehearse.reports.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.TransactionBuilder.append;
import static org.pgrehearse.reports.testkit.TransactionBuilder.list;
import static org.pgrehearse.reports.testkit.TransactionBuilder.register;
import static org.pgrehearse.reports.testkit.TransactionBuilder.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.testkit.TransactionBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JepsenHistoryTest {
    @TempDir
    Path folder;

    @Test
    void a_transaction_is_an_invoke_and_its_end_one_map_a_line() throws IOException {
        List<String> lines = lines(
                JepsenHistory.Model.LIST_APPEND,
                new TransactionBuilder(Isolation.SERIALIZABLE).by(3, list(1, 10L), append(1, 11)));
        assertThat(lines)
                .containsExactly(
                        "{\"type\":\"invoke\",\"process\":3,\"f\":\"txn\",\"value\":[[\"r\",1,null],"
                                + "[\"append\",1,11]],\"time\":10000000,\"index\":0}",
                        "{\"type\":\"ok\",\"process\":3,\"f\":\"txn\",\"value\":[[\"r\",1,[10]],"
                                + "[\"append\",1,11]],\"time\":15000000,\"index\":1}");
    }

    @Test
    void a_history_read_back_has_every_transaction_in_order_of_time_and_no_process_overlaps() throws IOException {
        TransactionBuilder history = new TransactionBuilder(Isolation.SERIALIZABLE).lasting(25);
        history.ok(append(1, 11)).failed(append(1, 12)).unknown(append(1, 13)).ok(list(1, 11L, 13L));
        List<String> lines = lines(JepsenHistory.Model.LIST_APPEND, history);
        assertThat(lines).hasSize(8);
        Map<Integer, JsonNode> open = new HashMap<>();
        Map<String, Integer> ends = new HashMap<>();
        long before = 0;
        for (int index = 0; index < lines.size(); index++) {
            JsonNode operation = JsonMapper.builder().build().readTree(lines.get(index));
            assertThat(operation.get("index").asInt()).isEqualTo(index);
            assertThat(operation.get("time").asLong()).isGreaterThanOrEqualTo(before);
            before = operation.get("time").asLong();
            int process = operation.get("process").asInt();
            if (operation.get("type").asString().equals("invoke")) {
                assertThat(open.put(process, operation)).isNull();
            } else {
                JsonNode invoke = open.remove(process);
                assertThat(invoke).isNotNull();
                ends.merge(operation.get("type").asString(), 1, Integer::sum);
            }
        }
        assertThat(open).isEmpty();
        assertThat(ends).isEqualTo(Map.of("ok", 2, "fail", 1, "info", 1));
    }

    @Test
    void a_process_that_goes_on_after_an_unknown_outcome_gets_a_new_number() throws IOException {
        TransactionBuilder history = new TransactionBuilder(Isolation.SERIALIZABLE);
        List<Event.Transaction> events = history.unknown(append(1, 11)).events();
        JepsenHistory jepsen = new JepsenHistory(JepsenHistory.Model.LIST_APPEND);
        events.forEach(jepsen::add);
        new TransactionBuilder(Isolation.SERIALIZABLE)
                .by(7, append(2, 1))
                .by(events.getFirst().process(), append(1, 12))
                .events()
                .forEach(jepsen::add);
        assertThat(jepsen.size()).isEqualTo(3);
        Path file = folder.resolve("history.jsonl");
        jepsen.write(file);
        assertThat(Files.readString(file)).contains("\"type\":\"info\",\"process\":1000", "\"process\":1001");
    }

    @Test
    void registers_are_a_history_of_their_own() throws IOException {
        TransactionBuilder history = new TransactionBuilder(Isolation.SERIALIZABLE)
                .by(1, write(5, 51, 1L), register(5, 51L, 1))
                .by(2, register(6, null, 0), append(1, 11));
        assertThat(lines(JepsenHistory.Model.RW_REGISTER, history))
                .anySatisfy(line -> assertThat(line).contains("[[\"w\",5,51],[\"r\",5,51]]"))
                .anySatisfy(line -> assertThat(line).contains("\"ok\"").contains("[[\"r\",6,null]]"))
                .noneSatisfy(line -> assertThat(line).contains("append"));
        assertThat(JepsenHistory.Model.RW_REGISTER.word()).isEqualTo("rw-register");
    }

    private List<String> lines(JepsenHistory.Model model, TransactionBuilder builder) throws IOException {
        JepsenHistory history = new JepsenHistory(model);
        builder.events().forEach(history::add);
        Path file = folder.resolve("history.jsonl");
        history.write(file);
        return Files.readAllLines(file);
    }
}
