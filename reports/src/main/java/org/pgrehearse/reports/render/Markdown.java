package org.pgrehearse.reports.render;

/** Text inside GitHub's Markdown, on one line. */
final class Markdown {
    private static final String SPECIAL = "\\`*_{}[]#!|~$";
    private static final int CHARS_MAX = 1000;

    private Markdown() {}

    /** Text in which nothing is mark-up, a link, a mention or HTML. */
    static String text(String text) {
        StringBuilder safe = new StringBuilder();
        Values.oneLine(text, CHARS_MAX).codePoints().forEach(c -> {
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '@' -> safe.append("&#64;");
                default -> {
                    if (SPECIAL.indexOf(c) >= 0) {
                        safe.append('\\');
                    }
                    safe.appendCodePoint(c);
                }
            }
        });
        return safe.toString();
    }

    /** A value or a name in a fixed width; it may hold backticks and bars. */
    static String code(String text) {
        String shown = Values.oneLine(text, CHARS_MAX)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("|", "&#124;")
                .replace("`", "&#96;")
                .replace("*", "&#42;")
                .replace("_", "&#95;")
                .replace("[", "&#91;")
                .replace("\\", "&#92;")
                .replace("~", "&#126;")
                .replace("$", "&#36;")
                .replace("@", "&#64;");
        return "<code>" + shown + "</code>";
    }

    /** One row of a table. */
    static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
