package org.pgrehearse.scenarios.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The line of a log that gives a statement's parameters. */
final class Parameters {
    /** How a server ends a value that it cut off; a value that ends so by itself cannot be told apart. */
    private static final String CUT = "...";

    private Parameters() {}

    /** The values of {@code parameters: $1 = 'a', $2 = NULL}; empty when one is missing, cut off or misspelt. */
    static Optional<List<@Nullable String>> parse(String detail) {
        List<@Nullable String> values = new ArrayList<>();
        if (detail.isEmpty()) {
            return Optional.of(values);
        }
        int colon = detail.indexOf(": ");
        if (colon < 0 || !detail.substring(0, colon).equalsIgnoreCase("parameters")) {
            return Optional.empty();
        }
        int at = colon + 2;
        while (at < detail.length()) {
            String name = (values.isEmpty() ? "" : ", ") + "$" + (values.size() + 1) + " = ";
            if (!detail.startsWith(name, at)) {
                return Optional.empty();
            }
            at += name.length();
            if (detail.startsWith("NULL", at)) {
                values.add(null);
                at += 4;
            } else {
                int end = end(detail, at);
                String value = end < 0 ? CUT : detail.substring(at + 1, end - 1).replace("''", "'");
                if (value.endsWith(CUT)) {
                    return Optional.empty();
                }
                values.add(value);
                at = end;
            }
        }
        return Optional.of(values);
    }

    /** Behind the closing quote of the value that begins here; -1 when there is none. */
    private static int end(String detail, int from) {
        if (from >= detail.length() || detail.charAt(from) != '\'') {
            return -1;
        }
        int at = from + 1;
        while (at < detail.length()) {
            if (detail.charAt(at) != '\'') {
                at++;
            } else if (at + 1 < detail.length() && detail.charAt(at + 1) == '\'') {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return -1;
    }
}
