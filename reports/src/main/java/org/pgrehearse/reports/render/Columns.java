package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns, two spaces apart; numbers to the right. */
final class Columns {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> right;

    /** Columns that are aligned to the right where the letter is {@code r}, such as {@code "llr"}. */
    Columns(String alignment) {
        right = alignment.chars().mapToObj(letter -> letter == 'r').toList();
    }

    Columns row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The rows, each ending in a line feed and beginning with this. */
    String text(String indent) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(width(i) - row.get(i).length());
                line.append(right.get(i) ? padding + row.get(i) : row.get(i) + padding);
                line.append(i + 1 < row.size() ? GAP : "");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }
}
