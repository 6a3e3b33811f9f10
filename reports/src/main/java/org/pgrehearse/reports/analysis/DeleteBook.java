package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/**
 * Which rows were deleted by which write, and what each side answered when it was asked for them. Not safe for use by
 * many threads.
 */
final class DeleteBook {
    /** Beyond so many keys the deletes of a recording are not judged any more, and it says so. */
    static final int KEYS_MAX = 1_000_000;

    private final Map<Key, Writers> writers = new LinkedHashMap<>();
    private final Map<String, Long> deletedOf = new HashMap<>();
    private final Map<Side, Answers> answers = new EnumMap<>(Side.class);
    private final int keysMax;
    private long leftOut;

    DeleteBook() {
        this(KEYS_MAX);
    }

    DeleteBook(int keysMax) {
        this.keysMax = keysMax;
    }

    void add(Event.KeysWritten event) {
        for (List<String> values : event.deleted()) {
            @Nullable Writers known = writers(event, values);
            if (known != null) {
                if (known.deleters.isEmpty()) {
                    deletedOf.merge(event.table(), 1L, Long::sum);
                }
                known.deleters.add(event.token());
            }
        }
        for (List<String> values : event.inserted()) {
            @Nullable Writers known = writers(event, values);
            if (known != null) {
                known.inserters.add(event.token());
            }
        }
    }

    void add(Event.DeletedRead event) {
        Answers known = answers.computeIfAbsent(event.side(), side -> new Answers());
        known.asked.merge(event.table(), event.asked(), Long::sum);
        event.found().forEach(values -> known.found.add(new Key(event.table(), values)));
        if (!event.doubt().isEmpty()) {
            known.doubts.putIfAbsent(event.table(), event.doubt());
        }
    }

    boolean isEmpty() {
        return deletedOf.isEmpty() && leftOut == 0;
    }

    /** Every key that was deleted, with the writes that deleted and inserted it. */
    Map<Key, Writers> deleted() {
        Map<Key, Writers> deleted = new LinkedHashMap<>(writers);
        deleted.values().removeIf(each -> each.deleters.isEmpty());
        return deleted;
    }

    /** Whether a side holds a row of this key when everything is quiet. */
    boolean found(Side side, Key key) {
        Answers known = answers.get(side);
        return known != null && known.found.contains(key);
    }

    /** Why an absent answer of this side proves nothing; empty when it does. */
    String doubt(Side side) {
        if (leftOut > 0) {
            return "more than " + Words.number(keysMax) + " keys were recorded, and " + Words.number(leftOut)
                    + " are not judged";
        }
        Answers known = answers.getOrDefault(side, new Answers());
        for (Map.Entry<String, Long> table : deletedOf.entrySet()) {
            String name = table.getKey() + " on the " + Words.of(side);
            String doubt = known.doubts.getOrDefault(table.getKey(), "");
            if (!doubt.isEmpty()) {
                return "deleted rows of " + name + " were not looked for: " + doubt;
            }
            long asked = known.asked.getOrDefault(table.getKey(), 0L);
            if (asked < table.getValue()) {
                return Words.number(asked) + " of " + Words.count(table.getValue(), "deleted row") + " of " + name
                        + " were looked for";
            }
        }
        return "";
    }

    private @Nullable Writers writers(Event.KeysWritten event, List<String> values) {
        Key key = new Key(event.table(), values);
        Writers known = writers.get(key);
        if (known == null && writers.size() >= keysMax) {
            leftOut++;
            return null;
        }
        if (known == null) {
            known = new Writers(event.columns());
            writers.put(key, known);
        }
        return known;
    }

    /** A row's key, as texts in the order of its columns. */
    record Key(String table, List<String> values) {}

    /** The tokens of the writes that deleted a key, and of those that inserted it. */
    static final class Writers {
        private final List<String> columns;
        private final List<Long> deleters = new ArrayList<>(1);
        private final List<Long> inserters = new ArrayList<>(0);

        private Writers(List<String> columns) {
            this.columns = columns;
        }

        List<Long> deleters() {
            return deleters;
        }

        List<Long> inserters() {
            return inserters;
        }

        /** The key for a reader, such as {@code id 7 of tickets}. */
        String told(Key key) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < key.values().size(); i++) {
                parts.add((i < columns.size() ? columns.get(i) + " " : "")
                        + key.values().get(i));
            }
            return String.join(", ", parts) + " of " + key.table();
        }
    }

    private static final class Answers {
        private final Map<String, Long> asked = new HashMap<>();
        private final Map<String, String> doubts = new HashMap<>();
        private final Set<Key> found = new HashSet<>();
    }
}
