package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes the messages that ask for a COMMIT or confirm one. Knows one connection; for one thread at a time. */
final class Commits {
    /** Names beyond these are not remembered, and their COMMITs not recognized. No driver needs more than one. */
    private static final int NAMES_MAX = 256;

    private static final Pattern COMMIT = Pattern.compile(
            "\\s*(?:COMMIT|END)(?:\\s+(?:WORK|TRANSACTION))?(?:\\s+AND\\s+NO\\s+CHAIN)?\\s*;?\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final String TAG = "COMMIT";

    private final Set<String> statements = new HashSet<>();
    private final Set<String> portals = new HashSet<>();

    /**
     * Whether a message of the client makes the server commit.
     *
     * @param body without type and length
     */
    boolean isAsked(byte type, ByteBuffer body) {
        switch (type) {
            case 'Q' -> {
                return COMMIT.matcher(text(body)).matches();
            }
            case 'P' ->
                remember(statements, text(body), COMMIT.matcher(text(body)).matches());
            case 'B' -> remember(portals, text(body), statements.contains(text(body)));
            case 'E' -> {
                return portals.contains(text(body));
            }
            case 'C' -> {
                Set<String> names = body.hasRemaining() && body.get() == 'S' ? statements : portals;
                names.remove(text(body));
            }
            default -> {}
        }
        return false;
    }

    /** Whether a CommandComplete of the server confirms a COMMIT. */
    static boolean isConfirmed(ByteBuffer body) {
        return text(body).equals(TAG);
    }

    private static void remember(Set<String> names, String name, boolean commits) {
        if (!commits) {
            names.remove(name);
        } else if (names.size() < NAMES_MAX) {
            names.add(name);
        }
    }

    /** The next text, which ends with a zero byte. */
    private static String text(ByteBuffer body) {
        int start = body.position();
        int end = start;
        while (end < body.limit() && body.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        body.get(bytes);
        body.position(Math.min(end + 1, body.limit()));
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
