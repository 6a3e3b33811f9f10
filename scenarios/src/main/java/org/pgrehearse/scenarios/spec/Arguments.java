package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of one step or fault, complete and checked by the reader. Asking for one that its shape lacks is a bug.
 */
public record Arguments(Map<String, String> values, Map<String, List<String>> lists) {
    public Arguments {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        Map<String, List<String>> copies = new LinkedHashMap<>();
        lists.forEach((name, texts) -> copies.put(name, List.copyOf(texts)));
        lists = Collections.unmodifiableMap(copies);
    }

    /** Arguments of which none is a list. */
    public Arguments(Map<String, String> values) {
        this(values, Map.of());
    }

    /** No arguments at all. */
    public static Arguments none() {
        return new Arguments(Map.of());
    }

    /** A duration. */
    public Duration duration(String name) {
        return read(name, Units.duration(text(name)));
    }

    /** A duration that may be negative. */
    public Duration offset(String name) {
        return read(name, Units.offset(text(name)));
    }

    /** A number of bytes. */
    public long bytes(String name) {
        return read(name, Units.bytes(text(name)));
    }

    /** A whole number. */
    public long number(String name) {
        return Long.parseLong(text(name));
    }

    /** A word. */
    public String text(String name) {
        return read(name, Optional.ofNullable(values.get(name)));
    }

    /** A text; empty when the file does not give it. */
    public Optional<String> given(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A list of texts; no texts when the file does not give it. */
    public List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    private static <T> T read(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException("argument without a checked value: " + name));
    }
}
