package org.pgrehearse.verifier.live;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of {@code pgoutput}, version 1 of its protocol, and tells suspects which keys changed. What it cannot
 * attribute to a key with certainty touches the whole table. For one use, by one thread.
 */
final class ChangeReader {
    private static final int OF_IDENTITY = 1;
    private static final Set<Integer> INTEGERS = Set.of(20, 21, 23, 26);
    private static final Set<Integer> TEXTS = Set.of(25, 1043);
    /** Types of which equal values have one text: uuid, date, time, timestamp, timestamptz. */
    private static final Set<Integer> PLAIN = Set.of(2950, 1082, 1083, 1114, 1184);

    private final Map<String, Suspects> suspects;
    private final Map<Integer, Set<String>> ancestors;
    private final Map<Integer, List<Watched>> relations = new HashMap<>();

    /** One table whose keys are looked for in a relation's rows; without places no key can be told. */
    private record Watched(Suspects suspects, @Nullable List<Integer> places) {}

    /**
     * A reader that has seen nothing.
     *
     * @param suspects by the name of the table on the source
     * @param ancestors names of the tables that a partition belongs to, by its OID
     */
    ChangeReader(Map<String, Suspects> suspects, Map<Integer, Set<String>> ancestors) {
        this.suspects = suspects;
        this.ancestors = ancestors;
    }

    /** Whether a type is one of texts of any length. */
    static boolean isText(int type) {
        return TEXTS.contains(type);
    }

    /** Takes one message. */
    void read(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        switch (bytes.get()) {
            case 'R' -> relation(bytes);
            case 'I' -> row(bytes);
            case 'U' -> row(bytes);
            case 'D' -> row(bytes);
            case 'T' -> truncated(bytes);
            case 'B', 'C', 'O', 'Y', 'M' -> {}
            default -> suspects.values().forEach(Suspects::touchAny);
        }
    }

    private void relation(ByteBuffer bytes) {
        int oid = bytes.getInt();
        String name = text(bytes) + "." + text(bytes);
        bytes.get();
        int columns = bytes.getShort();
        Map<String, Integer> places = new HashMap<>();
        Map<String, Integer> types = new HashMap<>();
        for (int i = 0; i < columns; i++) {
            boolean identity = (bytes.get() & OF_IDENTITY) != 0;
            String column = text(bytes);
            int type = bytes.getInt();
            bytes.getInt();
            if (identity) {
                places.put(column, i);
                types.put(column, type);
            }
        }
        List<Watched> watched = new ArrayList<>();
        Set<String> above = ancestors.getOrDefault(oid, Set.of());
        suspects.forEach((table, those) -> {
            if (table.equals(name) || above.contains(table)) {
                watched.add(new Watched(those, places(those, places, types)));
            }
        });
        relations.put(oid, watched);
    }

    /** Where the columns of the key are in a row; null when a change of the key would not be seen or not be known. */
    private static @Nullable List<Integer> places(
            Suspects suspects, Map<String, Integer> places, Map<String, Integer> types) {
        List<Integer> found = new ArrayList<>();
        for (String column : suspects.columns()) {
            Integer place = places.get(column);
            if (place == null || !sameText(types.getOrDefault(column, 0), suspects.targetType(column))) {
                return null;
            }
            found.add(place);
        }
        return found;
    }

    private static boolean sameText(int source, int target) {
        return (INTEGERS.contains(source) && INTEGERS.contains(target))
                || (TEXTS.contains(source) && TEXTS.contains(target))
                || (PLAIN.contains(source) && source == target);
    }

    private void row(ByteBuffer bytes) {
        List<Watched> watched = relations.getOrDefault(bytes.getInt(), List.of());
        while (!watched.isEmpty() && bytes.hasRemaining()) {
            bytes.get();
            List<@Nullable String> row = tuple(bytes);
            watched.forEach(one -> touch(one, row));
        }
    }

    private static void touch(Watched watched, List<@Nullable String> row) {
        List<String> key = new ArrayList<>();
        if (watched.places() == null) {
            watched.suspects().touchAny();
            return;
        }
        for (int place : watched.places()) {
            String value = place < row.size() ? row.get(place) : null;
            if (value == null) {
                watched.suspects().touchAny();
                return;
            }
            key.add(value);
        }
        watched.suspects().touch(key);
    }

    private void truncated(ByteBuffer bytes) {
        int tables = bytes.getInt();
        bytes.get();
        for (int i = 0; i < tables; i++) {
            relations
                    .getOrDefault(bytes.getInt(), List.of())
                    .forEach(watched -> watched.suspects().touchAny());
        }
    }

    /** The values of a row; null for NULL and for what was not sent. */
    private static List<@Nullable String> tuple(ByteBuffer bytes) {
        int columns = bytes.getShort();
        List<@Nullable String> values = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            byte kind = bytes.get();
            if (kind == 't') {
                byte[] value = new byte[bytes.getInt()];
                bytes.get(value);
                values.add(new String(value, StandardCharsets.UTF_8));
            } else {
                values.add(null);
            }
        }
        return values;
    }

    private static String text(ByteBuffer bytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte one = bytes.get(); one != 0; one = bytes.get()) {
            text.write(one);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
