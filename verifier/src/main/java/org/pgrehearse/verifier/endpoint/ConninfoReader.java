package org.pgrehearse.verifier.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pgrehearse.verifier.InvalidInputException;

/** Reads a {@code key=value key='other value'} string into libpq's options. */
final class ConninfoReader {
    private final String text;
    private int at;

    private ConninfoReader(String text) {
        this.text = text;
    }

    static Map<String, String> read(String text) {
        ConninfoReader reader = new ConninfoReader(text);
        Map<String, String> options = new LinkedHashMap<>();
        reader.skipBlanks();
        while (reader.at < text.length()) {
            String key = reader.key();
            options.put(key, reader.value(key));
            reader.skipBlanks();
        }
        return options;
    }

    private String key() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        String key = text.substring(start, at);
        skipBlanks();
        if (at == text.length() || text.charAt(at) != '=' || key.isEmpty()) {
            throw new InvalidInputException("Cannot read the connection string: an equals sign is missing at character "
                    + (start + 1) + ". Write key=value pairs, with values that hold blanks in single quotes.");
        }
        at++;
        skipBlanks();
        return key;
    }

    private String value(String key) {
        if (at < text.length() && text.charAt(at) == '\'') {
            return quoted(key);
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            value.append(unescaped());
        }
        return value.toString();
    }

    private String quoted(String key) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '\'') {
            value.append(unescaped());
        }
        if (at == text.length()) {
            throw new InvalidInputException(
                    "Cannot read the connection string: the value of \"" + key + "\" lacks its closing quote. Add it.");
        }
        at++;
        return value.toString();
    }

    private char unescaped() {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
            at++;
        }
        return text.charAt(at++);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
