package org.pgrehearse.scenarios.ids;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.script.SqlScanner;

/**
 * A piece of a statement.
 *
 * @param text of a word in lower case unless it is quoted, of a string what it holds, otherwise as it is written
 */
record Token(Kind kind, String text, int start, int end) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");
    private static final Pattern PARAMETER = Pattern.compile("\\$\\d{1,5}");
    private static final Pattern OPERATOR = Pattern.compile("::|[-+*/<>=~!@#%^&|`?]+");

    /** What it is. */
    enum Kind {
        WORD,
        NAME,
        STRING,
        NUMBER,
        PARAMETER,
        SYMBOL
    }

    boolean is(String wanted) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wanted);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.NAME;
    }

    boolean isValue() {
        return kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.PARAMETER;
    }

    /** The pieces of a statement, without comments. */
    static List<Token> of(String sql) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            int end = SqlScanner.skip(sql, at);
            if (end > at) {
                quoted(tokens, sql, at, end);
                at = end;
            } else if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else {
                Token token = plain(sql, at);
                tokens.add(token);
                at = token.end();
            }
        }
        return tokens;
    }

    private static void quoted(List<Token> tokens, String sql, int at, int end) {
        String inner = end - at < 2 ? "" : sql.substring(at + 1, end - 1);
        if (sql.charAt(at) == '"') {
            tokens.add(new Token(Kind.NAME, inner.replace("\"\"", "\""), at, end));
        } else if (sql.charAt(at) == '\'' && !followsPrefix(tokens, at)) {
            tokens.add(new Token(Kind.STRING, inner.replace("''", "'"), at, end));
        } else if (sql.charAt(at) == '\'' || sql.charAt(at) == '$') {
            tokens.add(new Token(Kind.SYMBOL, "literal", at, end)); // with escapes or of another kind: no plain value
        }
    }

    /** Whether what stands right before is a part of the literal, as in E'…'. */
    private static boolean followsPrefix(List<Token> tokens, int at) {
        return !tokens.isEmpty()
                && tokens.getLast().kind() == Kind.WORD
                && tokens.getLast().end() == at;
    }

    private static Token plain(String sql, int at) {
        for (Kind kind : new Kind[] {Kind.WORD, Kind.NUMBER, Kind.PARAMETER, Kind.SYMBOL}) {
            Pattern pattern = switch (kind) {
                case WORD, NAME -> WORD;
                case NUMBER -> NUMBER;
                case PARAMETER -> PARAMETER;
                case STRING, SYMBOL -> OPERATOR;
            };
            Matcher matcher = pattern.matcher(sql).region(at, sql.length());
            if (matcher.lookingAt()) {
                String text = matcher.group();
                int end = kind == Kind.SYMBOL ? beforeComment(sql, at, matcher.end()) : matcher.end();
                return new Token(
                        kind, kind == Kind.WORD ? text.toLowerCase(Locale.ROOT) : sql.substring(at, end), at, end);
            }
        }
        return new Token(Kind.SYMBOL, sql.substring(at, at + 1), at, at + 1);
    }

    /** An operator ends where a comment begins, and a sign before a number is none of an operator. */
    private static int beforeComment(String sql, int at, int end) {
        for (int i = at + 1; i < end; i++) {
            if (SqlScanner.skip(sql, i) > i || sql.charAt(i) == '-' || sql.charAt(i) == '+') {
                return i;
            }
        }
        return end;
    }
}
