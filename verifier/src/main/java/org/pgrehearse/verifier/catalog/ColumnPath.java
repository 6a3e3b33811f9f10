package org.pgrehearse.verifier.catalog;

import java.util.List;
import java.util.Locale;
import org.pgrehearse.verifier.InvalidInputException;

/** A column as a user writes it: {@code schema.table.column}, folded and quoted as psql does. */
record ColumnPath(String text, Pattern table, String column) {

    static ColumnPath of(String text) {
        String stripped = text.strip();
        int dot = lastDot(stripped);
        if (dot <= 0 || dot == stripped.length() - 1) {
            throw new InvalidInputException(
                    "Cannot read the column " + text + ". Write schema.table.column, with double quotes where needed.");
        }
        return new ColumnPath(
                stripped, Pattern.of(stripped.substring(0, dot)), unquoted(stripped.substring(dot + 1), text));
    }

    private static int lastDot(String text) {
        boolean quoted = false;
        int dot = -1;
        for (int i = 0; i < text.length(); i++) {
            quoted ^= text.charAt(i) == '"';
            dot = text.charAt(i) == '.' && !quoted ? i : dot;
        }
        return dot;
    }

    private static String unquoted(String part, String text) {
        boolean quoted = part.length() > 2 && part.startsWith("\"") && part.endsWith("\"");
        String name =
                quoted ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part.toLowerCase(Locale.ROOT);
        if (!quoted && part.indexOf('"') >= 0) {
            throw new InvalidInputException("Cannot read the column " + text + ": its quotes do not match.");
        }
        return name;
    }

    /** The table of this side that the path names, if the pair's is it. */
    boolean isOf(Table candidate) {
        return table.matches(candidate.name());
    }

    /** The column of the table; an unknown one is a mistake of usage. */
    Column in(Table found, String side) {
        return found.column(column)
                .orElseThrow(() -> new InvalidInputException("Cannot find the column " + text + " on the " + side
                        + ": table " + found.name() + " has no such column."
                        + Nearest.hint(column, names(found))));
    }

    private static List<String> names(Table table) {
        return table.columns().stream().map(Column::name).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
