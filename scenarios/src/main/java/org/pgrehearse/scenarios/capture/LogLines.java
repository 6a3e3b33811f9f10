package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of one log file, each at most so long. Not safe for use by many threads. */
final class LogLines {
    static final int LINE_CHARS_MAX = 8 << 20;

    private final Reader reader;
    private final String file;
    private long number;
    private boolean cut;
    private boolean tooLong;

    LogLines(Reader reader, String file) {
        this.reader = reader;
        this.file = file;
    }

    /** The next line without its end; null after the last. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        tooLong = false;
        int each = reader.read();
        if (each < 0) {
            return null;
        }
        while (each >= 0 && each != '\n') {
            if (line.length() < LINE_CHARS_MAX) {
                line.append((char) each);
            } else {
                tooLong = true;
            }
            each = reader.read();
        }
        cut = each < 0;
        number++;
        return line.toString();
    }

    /** Whether the last line has no end, so that the log was cut off in it. */
    boolean cut() {
        return cut;
    }

    /** Whether the last line is longer than a line may be; the rest of it was left out. */
    boolean tooLong() {
        return tooLong;
    }

    /** File and number of the last line. */
    String place() {
        return file + ":" + number;
    }
}
