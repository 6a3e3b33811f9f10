package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * A pattern of table names as psql and pg_dump users write it: {@code *} stands for any characters and {@code ?} for
 * one, unquoted letters fold to lower case, double quotes keep everything as it is. Without a dot it means tables of
 * that name in any schema.
 */
final class Pattern {
    private final String text;
    private final List<java.util.regex.Pattern> parts;

    private Pattern(String text, List<java.util.regex.Pattern> parts) {
        this.text = text;
        this.parts = parts;
    }

    static Pattern of(String text) {
        List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                parts.getLast().append(regex('"', true));
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                parts.add(new StringBuilder());
            } else {
                parts.getLast().append(regex(c, quoted));
            }
        }
        if (quoted || parts.size() > 2 || parts.stream().anyMatch(StringBuilder::isEmpty)) {
            throw new InvalidInputException(
                    "Cannot read the table pattern " + text + ". Write schema.table, with * for any characters.");
        }
        return new Pattern(
                text,
                parts.stream()
                        .map(part -> java.util.regex.Pattern.compile(part.toString(), java.util.regex.Pattern.DOTALL))
                        .toList());
    }

    private static String regex(char c, boolean quoted) {
        if (!quoted && c == '*') {
            return ".*";
        }
        if (!quoted && c == '?') {
            return ".";
        }
        return java.util.regex.Pattern.quote(Character.toString(quoted ? c : Character.toLowerCase(c)));
    }

    boolean matches(TableName name) {
        return parts.size() == 1
                ? parts.getFirst().matcher(name.name()).matches()
                : parts.getFirst().matcher(name.schema()).matches()
                        && parts.getLast().matcher(name.name()).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
