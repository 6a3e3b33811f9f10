package org.pgrehearse.scenarios.script;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The variables of one run of a script. Not safe for use by many threads. */
public final class Variables {
    /** The seed of hashes that are given none. */
    public static final String DEFAULT_SEED = "default_seed";

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\d_]+");

    private final Map<String, Value> values;

    /** Variables that begin with these definitions. */
    public Variables(Map<String, Value> definitions) {
        values = new HashMap<>(definitions);
    }

    /** The value of a variable; empty when it was never set. */
    public Optional<Value> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Sets a variable. */
    public void set(String name, Value value) {
        values.put(name, value);
    }

    /** Whether a variable may have this name: letters, digits and underscores. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
