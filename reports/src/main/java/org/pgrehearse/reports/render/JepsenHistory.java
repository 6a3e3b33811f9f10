package org.pgrehearse.reports.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The recorded transactions as a history in Jepsen's JSON, for other checkers such as elle-cli: one map a line, an
 * {@code invoke} where a transaction began and an {@code ok}, {@code fail} or {@code info} where it ended, in order of
 * time, with micro-operations {@code ["append", key, value]}, {@code ["r", key, values]} and {@code ["w", key, value]}.
 * Lists and registers are written to separate histories, as those checkers read them. An unknown outcome retires its
 * process, so a process that goes on is given a new number. Not safe for use by many threads.
 */
public final class JepsenHistory {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final List<Event.Transaction> transactions = new ArrayList<>();
    private final Model model;

    /** Which kind of keys a history is about. */
    public enum Model {
        LIST_APPEND,
        RW_REGISTER;

        /** The name that elle-cli's {@code --model} takes, such as {@code list-append}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** An empty history of one kind of keys. */
    public JepsenHistory(Model model) {
        this.model = model;
    }

    /** Takes an event of the journal in; whatever is no transaction over such keys is left out. */
    public void add(Event event) {
        if (event instanceof Event.Transaction transaction
                && transaction.actions().stream().anyMatch(this::fits)) {
            transactions.add(transaction);
        }
    }

    /** How many transactions it holds. */
    public int size() {
        return transactions.size();
    }

    /** Writes the history; an existing file is replaced. */
    public void write(Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            write(out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(Writer out) {
        List<Moment> moments = moments();
        for (int index = 0; index < moments.size(); index++) {
            try {
                out.write(mapper.writeValueAsString(operation(moments.get(index), index)));
                out.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Beginnings and ends in order of time; of one instant ends come first, so that no session overlaps itself. */
    private List<Moment> moments() {
        List<Event.Transaction> inOrder = transactions.stream()
                .sorted(Comparator.comparingLong(Event.Transaction::startedNanos))
                .toList();
        Map<Integer, Integer> numbers = new HashMap<>();
        int next =
                transactions.stream().mapToInt(Event.Transaction::process).max().orElse(0) + 1;
        List<Moment> moments = new ArrayList<>();
        for (Event.Transaction transaction : inOrder) {
            int process = numbers.getOrDefault(transaction.process(), transaction.process());
            moments.add(new Moment(transaction.startedNanos(), process, transaction, false));
            moments.add(new Moment(transaction.endedNanos(), process, transaction, true));
            if (transaction.outcome() == Outcome.UNKNOWN) {
                numbers.put(transaction.process(), next++);
            }
        }
        moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(Moment::end, Comparator.reverseOrder()));
        return moments;
    }

    private ObjectNode operation(Moment moment, int index) {
        Event.Transaction transaction = moment.transaction();
        String type = !moment.end()
                ? "invoke"
                : switch (transaction.outcome()) {
                    case ACKNOWLEDGED -> "ok";
                    case FAILED -> "fail";
                    case UNKNOWN -> "info";
                };
        boolean known = moment.end() && transaction.outcome() == Outcome.ACKNOWLEDGED;
        ObjectNode node = NODES.objectNode();
        node.put("type", type).put("process", moment.process()).put("f", "txn");
        ArrayNode value = node.putArray("value");
        transaction.actions().stream().filter(this::fits).forEach(action -> value.add(micro(action, known)));
        return node.put("time", moment.nanos()).put("index", index);
    }

    /** What a read returned is known only of an acknowledged transaction, and only at its end. */
    private static ArrayNode micro(Action action, boolean known) {
        ArrayNode micro = NODES.arrayNode();
        return switch (action) {
            case Action.Append append -> micro.add("append").add(append.key()).add(append.value());
            case Action.Write write -> micro.add("w").add(write.key()).add(write.value());
            case Action.ReadList read -> {
                micro.add("r").add(read.key());
                if (known) {
                    ArrayNode values = micro.addArray();
                    read.values().forEach(values::add);
                } else {
                    micro.addNull();
                }
                yield micro;
            }
            case Action.ReadRegister read -> micro.add("r").add(read.key()).add(known ? read.value() : nothing());
        };
    }

    private static @Nullable Long nothing() {
        return null;
    }

    private boolean fits(Action action) {
        boolean list = action instanceof Action.Append || action instanceof Action.ReadList;
        return list == (model == Model.LIST_APPEND);
    }

    /** The beginning or the end of one transaction. */
    private record Moment(long nanos, int process, Event.Transaction transaction, boolean end) {}
}
