package org.pgrehearse.scenarios.script;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement of a script with its variables. {@code :name} stands for a variable also inside quotes when the statement
 * is substituted, as pgbench does it; what was never set stays as it is.
 */
public record SqlText(List<Piece> pieces) {
    public SqlText {
        pieces = List.copyOf(pieces);
    }

    static SqlText of(String text) {
        List<Piece> pieces = new ArrayList<>();
        int quotedUntil = 0;
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            if (at >= quotedUntil) {
                int end = SqlScanner.skip(text, at);
                if (end > at) {
                    pieces.add(new Piece(text.substring(from, at), false, false));
                    from = at;
                    quotedUntil = end;
                }
            }
            boolean quoted = at < quotedUntil;
            int end = referenceEnd(text, at);
            if (end > at) {
                pieces.add(new Piece(text.substring(from, at), false, quoted));
                pieces.add(new Piece(text.substring(at + 1, end), true, quoted));
                from = end;
                at = end;
            } else {
                at += text.startsWith("::", at) ? 2 : 1;
            }
            if (quoted && at >= quotedUntil) {
                int stop = Math.min(at, text.length());
                pieces.add(new Piece(text.substring(from, stop), false, true));
                from = stop;
            }
        }
        pieces.add(new Piece(text.substring(Math.min(from, text.length())), false, false));
        return new SqlText(
                pieces.stream().filter(piece -> !piece.text().isEmpty()).toList());
    }

    /** The end of the reference that begins here; the position itself when none does. A name begins with no digit. */
    private static int referenceEnd(String text, int at) {
        if (text.charAt(at) != ':' || at + 1 >= text.length()) {
            return at;
        }
        char first = text.charAt(at + 1);
        if (!Character.isLetter(first) && first != '_') {
            return at;
        }
        int end = at + 2;
        while (end < text.length() && SqlScanner.isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The statement with every variable replaced by its text. */
    public String substituted(Variables variables) {
        StringBuilder sql = new StringBuilder();
        for (Piece piece : pieces) {
            sql.append(
                    piece.reference()
                            ? variables.find(piece.text()).map(Value::text).orElse(":" + piece.text())
                            : piece.text());
        }
        return sql.toString();
    }

    /** The statement for JDBC: a question mark for each variable outside quotes, the statement's own ones doubled. */
    public String parameterized() {
        StringBuilder sql = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.quoted()) {
                sql.append(piece.reference() ? ":" : "").append(piece.text());
            } else {
                sql.append(piece.reference() ? "?" : piece.text().replace("?", "??"));
            }
        }
        return sql.toString();
    }

    /** The names of the variables that {@link #parameterized} leaves places for, in order. */
    public List<String> parameters() {
        return pieces.stream()
                .filter(piece -> piece.reference() && !piece.quoted())
                .map(Piece::text)
                .toList();
    }

    /**
     * A part of a statement.
     *
     * @param reference whether it is a variable's name rather than text
     * @param quoted whether it lies in a literal, a quoted name or a comment
     */
    public record Piece(String text, boolean reference, boolean quoted) {}
}
