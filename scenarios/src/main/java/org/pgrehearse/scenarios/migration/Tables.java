package org.pgrehearse.scenarios.migration;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A choice of tables, as a step names them: patterns with commas between them, {@code !} in front of exceptions. */
final class Tables {
    /** The choice of every table. */
    static final String EVERY = "*";

    private Tables() {}

    /** Those of the tables that a pattern names and no exception does, in their order. */
    static List<String> chosen(List<String> tables, String choice) throws StepFailed {
        List<String> patterns =
                Arrays.stream(choice.split(",", -1)).map(String::strip).toList();
        List<String> chosen = tables.stream()
                .filter(table ->
                        patterns.stream().filter(one -> !one.startsWith("!")).anyMatch(one -> matches(one, table)))
                .filter(table -> patterns.stream()
                        .filter(one -> one.startsWith("!"))
                        .noneMatch(one -> matches(one.substring(1), table)))
                .toList();
        if (chosen.isEmpty()) {
            throw new StepFailed(
                    "Cannot find a table for \"" + choice + "\". There are: " + String.join(", ", tables) + ".");
        }
        return chosen;
    }

    private static boolean matches(String pattern, String table) {
        return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"))
                .matcher(table)
                .matches();
    }
}
