package org.pgrehearse.reports.render;

/** Text inside XML. */
final class Xml {
    private Xml() {}

    /** The text escaped for an element or an attribute; what XML 1.0 cannot hold becomes {@code \\u{..}}. */
    static String text(String text) {
        StringBuilder xml = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\'' -> xml.append("&apos;");
                case '\n', '\t' -> xml.append("&#").append(c).append(';');
                default -> {
                    if (allowed(c)) {
                        xml.appendCodePoint(c);
                    } else {
                        xml.append("\\u{%x}".formatted(c));
                    }
                }
            }
        });
        return xml.toString();
    }

    private static boolean allowed(int c) {
        boolean character = (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
        return character && !Character.isISOControl(c);
    }
}
