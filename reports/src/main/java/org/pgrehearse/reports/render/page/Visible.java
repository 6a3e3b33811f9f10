package org.pgrehearse.reports.render.page;

/** Makes every character of a text visible: no control character, no invisible or reordering one survives. */
final class Visible {
    private Visible() {}

    /** The text with line feeds and tabs kept and everything else that cannot be seen written as {@code \\u{..}}. */
    static String text(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t' || !invisible(c)) {
                visible.appendCodePoint(c);
            } else {
                visible.append("\\u{%x}".formatted(c));
            }
        });
        return visible.toString();
    }

    private static boolean invisible(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
