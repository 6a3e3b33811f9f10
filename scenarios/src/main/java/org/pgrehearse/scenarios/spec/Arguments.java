package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of one step or fault, complete and checked by the reader. Asking for one that its shape lacks is a bug.
 */
public record Arguments(Map<String, String> values) {
    public Arguments {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
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

    private static <T> T read(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException("argument without a checked value: " + name));
    }
}
