package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How PostgreSQL's messages are read and written. */
final class Messages {
    /** Of a message no more than this is looked at; a longer text is known by its beginning. */
    static final int HEAD_BYTES_MAX = 8192;

    static final int HEADER_BYTES = 1 + Integer.BYTES;

    private static final Pattern COMMIT = Pattern.compile(
            "\\s*(?:COMMIT|END)(?:\\s+(?:WORK|TRANSACTION))?(?:\\s+AND\\s+NO\\s+CHAIN)?\\s*;?\\s*",
            Pattern.CASE_INSENSITIVE);

    private Messages() {}

    /** Whether the client asks for a COMMIT and nothing else. */
    static boolean isCommit(Sighting sighting) {
        return sighting instanceof Sighting.Asked(String text)
                && COMMIT.matcher(text).matches();
    }

    /** The next text, which ends with a zero byte, or with what is known of it. */
    static String text(ByteBuffer body) {
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

    /** A simple query. */
    static byte[] query(String text) {
        return message('Q', text + "\0");
    }

    /** The execution of a portal, without a limit of rows. */
    static byte[] execute(String portal) {
        return message('E', portal + "\0\0\0\0\0");
    }

    /** The end of a COPY that the client gives up. */
    static byte[] copyFail(String reason) {
        return message('f', reason + "\0");
    }

    /** An error or worse, as the server tells it. */
    static byte[] problem(String severity, String sqlState, String text) {
        return message('E', "S" + severity + "\0V" + severity + "\0C" + sqlState + "\0M" + text + "\0\0");
    }

    private static byte[] message(char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put((byte) type)
                .putInt(Integer.BYTES + bytes.length)
                .put(bytes)
                .array();
    }
}
