package org.pgrehearse.verifier.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.InvalidInputException;

/** Reads a {@code postgresql://} URI into libpq's options, by libpq's grammar. */
final class UriReader {
    private static final String ADVICE =
            "Write postgresql://user@host:port/database, with special characters" + " percent-encoded.";

    private final String text;
    private final Map<String, String> options = new LinkedHashMap<>();
    private int at;

    private UriReader(String text, int start) {
        this.text = text;
        this.at = start;
    }

    static boolean looksLikeUri(String text) {
        return text.startsWith("postgresql://") || text.startsWith("postgres://");
    }

    static Map<String, String> read(String text) {
        UriReader reader = new UriReader(text, text.indexOf("://") + 3);
        reader.credentials();
        reader.servers();
        reader.database();
        reader.parameters();
        return reader.options;
    }

    private void credentials() {
        int end = at;
        while (end < text.length() && text.charAt(end) != '@' && text.charAt(end) != '/') {
            end++;
        }
        if (end == text.length() || text.charAt(end) != '@') {
            return;
        }
        String both = text.substring(at, end);
        int colon = both.indexOf(':');
        put("user", colon < 0 ? both : both.substring(0, colon));
        if (colon >= 0) {
            put("password", both.substring(colon + 1));
        }
        at = end + 1;
    }

    private void servers() {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        do {
            if (!hosts.isEmpty()) {
                at++;
            }
            hosts.add(host());
            ports.add(peek() == ':' ? portAfterColon() : "");
        } while (peek() == ',');
        if (peek() != '\0' && peek() != '/' && peek() != '?') {
            throw new InvalidInputException("Cannot read the connection URI: unexpected character \"" + peek()
                    + "\" after the host. " + ADVICE);
        }
        put("host", String.join(",", hosts));
        String joined = String.join(",", ports);
        if (ports.stream().anyMatch(port -> !port.isEmpty())) {
            put("port", joined);
        }
    }

    private String host() {
        if (peek() != '[') {
            return until(":/?,");
        }
        int close = text.indexOf(']', at);
        if (close <= at + 1) {
            throw new InvalidInputException(
                    "Cannot read the connection URI: an IPv6 address is empty or lacks its closing bracket. " + ADVICE);
        }
        String address = text.substring(at + 1, close);
        at = close + 1;
        return address;
    }

    private String portAfterColon() {
        at++;
        return until("/?,");
    }

    private void database() {
        if (peek() == '/') {
            at++;
            put("dbname", until("?"));
        }
    }

    private void parameters() {
        if (peek() != '?') {
            return;
        }
        for (String pair : text.substring(at + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0 || pair.indexOf('=', equals + 1) >= 0) {
                throw new InvalidInputException(
                        "Cannot read the connection URI: a query parameter is not key=value. " + ADVICE);
            }
            String key = decode(pair.substring(0, equals));
            String value = pair.substring(equals + 1);
            if (key.equals("ssl") && value.equals("true")) {
                put("sslmode", "require");
            } else {
                put(key, value);
            }
        }
    }

    private void put(String key, String encoded) {
        if (!encoded.isEmpty()) {
            options.put(key, decode(encoded));
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private String until(String delimiters) {
        int start = at;
        while (at < text.length() && delimiters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); ) {
            if (encoded.charAt(i) == '%') {
                bytes.write(hexPair(encoded, i));
                i += 3;
            } else {
                int codePoint = encoded.codePointAt(i);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(codePoint);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hexPair(String encoded, int percent) {
        int high = percent + 2 < encoded.length() ? Character.digit(encoded.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < encoded.length() ? Character.digit(encoded.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            throw new InvalidInputException(
                    "Cannot read the connection URI: a percent sign is not followed by two hexadecimal digits. "
                            + ADVICE);
        }
        return high * 16 + low;
    }
}
