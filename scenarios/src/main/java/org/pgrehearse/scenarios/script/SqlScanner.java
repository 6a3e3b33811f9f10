package org.pgrehearse.scenarios.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where quoted things and comments of SQL end. Pure. */
public final class SqlScanner {
    private static final Pattern DOLLAR_TAG = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\d_]*)?\\$");

    private SqlScanner() {}

    /**
     * The end of the literal, quoted name, dollar-quoted text or comment that begins at a position; the position itself
     * when none begins there. What is never closed ends with the text.
     */
    public static int skip(String text, int at) {
        char first = text.charAt(at);
        return switch (first) {
            case '\'' -> quoted(text, at, '\'', escaping(text, at));
            case '"' -> quoted(text, at, '"', false);
            case '$' -> dollarQuoted(text, at);
            case '-' -> text.startsWith("--", at) ? lineEnd(text, at) : at;
            case '/' -> text.startsWith("/*", at) ? comment(text, at) : at;
            default -> at;
        };
    }

    /** Whether a literal that begins here has backslash escapes: E'…'. */
    private static boolean escaping(String text, int at) {
        return at > 0
                && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E')
                && (at == 1 || !isWord(text.charAt(at - 2)));
    }

    private static int quoted(String text, int at, char quote, boolean escapes) {
        int end = at + 1;
        while (end < text.length()) {
            char each = text.charAt(end);
            if (escapes && each == '\\') {
                end += 2;
            } else if (each == quote) {
                if (end + 1 >= text.length() || text.charAt(end + 1) != quote) {
                    return end + 1;
                }
                end += 2;
            } else {
                end++;
            }
        }
        return text.length();
    }

    private static int dollarQuoted(String text, int at) {
        Matcher tag = DOLLAR_TAG.matcher(text).region(at, text.length());
        if ((at > 0 && isWord(text.charAt(at - 1))) || !tag.lookingAt()) {
            return at;
        }
        int close = text.indexOf(tag.group(), tag.end());
        return close < 0 ? text.length() : close + tag.group().length();
    }

    private static int lineEnd(String text, int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private static int comment(String text, int at) {
        int depth = 1;
        int end = at + 2;
        while (end < text.length() && depth > 0) {
            if (text.startsWith("/*", end)) {
                depth++;
                end += 2;
            } else if (text.startsWith("*/", end)) {
                depth--;
                end += 2;
            } else {
                end++;
            }
        }
        return Math.min(end, text.length());
    }

    static boolean isWord(char each) {
        return Character.isLetterOrDigit(each) || each == '_';
    }
}
