package org.pgrehearse.reports.render;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.RowDifference;

/** A database's values on one line of text: NULL is told from 'NULL', and nothing breaks the line. */
final class Values {
    private static final int CHARS_MAX = 200;

    private Values() {}

    static String text(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        boolean plain = !value.isEmpty()
                && !value.equals("NULL")
                && value.chars().allMatch(c -> Character.isLetterOrDigit(c) || ".:-+_/@{},[]()\"".indexOf(c) >= 0);
        String shown = oneLine(value);
        return plain ? shown : "'" + shown + "'";
    }

    static String key(List<RowDifference.Cell> cells) {
        return cells.stream()
                .map(cell -> oneLine(cell.column()) + "=" + text(cell.value()))
                .collect(Collectors.joining(", "));
    }

    /** Text without control characters, cut to what fits a table; what is cut is told. */
    static String oneLine(String text) {
        return oneLine(text, CHARS_MAX);
    }

    /** Text without control characters, at most so long; what is cut is told. */
    static String oneLine(String text, int charsMax) {
        StringBuilder line = new StringBuilder();
        String shown = text.length() > charsMax ? text.substring(0, cut(text, charsMax)) : text;
        shown.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (invisible(c)) {
                        line.append("\\u{%x}".formatted(c));
                    } else {
                        line.appendCodePoint(c);
                    }
                }
            }
        });
        return shown.length() == text.length() ? line.toString() : line + "… (" + text.length() + " characters)";
    }

    private static int cut(String text, int charsMax) {
        return Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
    }

    private static boolean invisible(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
