package org.pgrehearse.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON document's text brought to one form: without blanks between its parts and, if wanted, with the keys of each
 * object in order. Numbers and strings stay as they are written. A document that is not well-formed has no form.
 */
final class JsonText {
    private static final int DEPTH_MAX = 200;

    private final String text;
    private final boolean sorted;
    private int at;

    private JsonText(String text, boolean sorted) {
        this.text = text;
        this.sorted = sorted;
    }

    static Optional<String> canonical(String text, boolean sorted) {
        String stripped = text.strip();
        if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
            return Optional.empty();
        }
        JsonText reader = new JsonText(stripped, sorted);
        Optional<String> value = reader.value(0);
        return reader.at == stripped.length() ? value : Optional.empty();
    }

    private Optional<String> value(int depth) {
        blanks();
        if (depth > DEPTH_MAX || at >= text.length()) {
            return Optional.empty();
        }
        Optional<String> value = switch (text.charAt(at)) {
            case '{' -> list('}', depth, true);
            case '[' -> list(']', depth, false);
            case '"' -> string();
            default -> word();
        };
        blanks();
        return value;
    }

    private Optional<String> list(char end, int depth, boolean object) {
        char start = text.charAt(at);
        at++;
        List<String> members = new ArrayList<>();
        blanks();
        while (!take(end)) {
            if (!members.isEmpty() && !take(',')) {
                return Optional.empty();
            }
            Optional<String> member = object ? member(depth + 1) : value(depth + 1);
            if (member.isEmpty()) {
                return member;
            }
            members.add(member.get());
        }
        if (object && sorted) {
            members.sort(null);
        }
        return Optional.of(start + String.join(",", members) + end);
    }

    private Optional<String> member(int depth) {
        blanks();
        Optional<String> key = string();
        blanks();
        if (key.isEmpty() || !take(':')) {
            return Optional.empty();
        }
        return value(depth).map(value -> key.get() + ":" + value);
    }

    private Optional<String> string() {
        int start = at;
        if (!take('"')) {
            return Optional.empty();
        }
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return take('"') ? Optional.of(text.substring(start, at)) : Optional.empty();
    }

    private Optional<String> word() {
        int start = at;
        while (at < text.length() && ",:{}[]\" \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at > start ? Optional.of(text.substring(start, at)) : Optional.empty();
    }

    private boolean take(char wanted) {
        boolean here = at < text.length() && text.charAt(at) == wanted;
        at += here ? 1 : 0;
        return here;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
