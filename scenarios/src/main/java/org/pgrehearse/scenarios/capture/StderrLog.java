package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's plain log. Lines within a message begin with a tab; a line that begins with neither a tab nor the prefix
 * makes the message before it doubtful, and that is left out.
 */
final class StderrLog {
    private static final int MESSAGE_CHARS_MAX = LogLines.LINE_CHARS_MAX;

    private final LogLines lines;
    private final LinePrefix prefix;
    private final LogSink sink;
    private @Nullable Message open;

    StderrLog(LogLines lines, LinePrefix prefix, LogSink sink) {
        this.lines = lines;
        this.prefix = prefix;
        this.sink = sink;
    }

    void read() throws IOException {
        @Nullable String line = lines.next();
        while (line != null) {
            if (lines.cut() || lines.tooLong()) {
                doubt("a line that was cut off");
            } else if (line.startsWith("\t")) {
                goOn(line.substring(1));
            } else {
                begin(line);
            }
            line = lines.next();
        }
        if (open != null && open.mayGoOn()) {
            doubt("a log that ends in a statement, which may go on");
        }
        close();
    }

    private void goOn(String text) {
        Message message = open;
        if (message == null) {
            sink.damaged(lines.place(), "a line that continues nothing");
        } else if (message.length() > MESSAGE_CHARS_MAX) {
            doubt("a message that is too long");
        } else {
            message.append("\n" + text);
        }
    }

    private void begin(String line) {
        Optional<LinePrefix.Parts> found = prefix.match(line);
        if (found.isEmpty()) {
            doubt("a line without the prefix");
            return;
        }
        LinePrefix.Parts parts = found.get();
        Message message = open;
        switch (parts.severity()) {
            case "DETAIL", "HINT", "QUERY", "CONTEXT", "LOCATION", "STATEMENT", "BACKTRACE" -> {
                if (message == null || !message.session.equals(parts.session())) {
                    doubt("a " + parts.severity() + " without its message");
                } else {
                    message.part(parts.severity(), parts.text());
                }
            }
            default -> {
                close();
                OptionalLong at = LogTime.micros(parts.time());
                if (at.isPresent()) {
                    open = new Message(lines.place(), parts, at.getAsLong());
                } else {
                    sink.damaged(lines.place(), "a line with a wrong time");
                }
            }
        }
    }

    private void doubt(String why) {
        sink.damaged(lines.place(), why + (open == null ? "" : "; the message before it is left out"));
        open = null;
    }

    private void close() {
        if (open != null) {
            sink.entry(open.entry());
            open = null;
        }
    }

    /** A message that may still go on. */
    private static final class Message {
        private final String place;
        private final String session;
        private final long atMicros;
        private final String severity;
        private final String sqlState;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder detail = new StringBuilder();
        private final StringBuilder statement = new StringBuilder();
        private final StringBuilder other = new StringBuilder();
        private StringBuilder current = text;

        Message(String place, LinePrefix.Parts parts, long atMicros) {
            this.place = place;
            this.session = parts.session();
            this.atMicros = atMicros;
            this.severity = parts.severity();
            this.sqlState = parts.sqlState();
            text.append(parts.text());
        }

        void part(String name, String begin) {
            current = switch (name) {
                case "DETAIL" -> detail;
                case "STATEMENT" -> statement;
                default -> other;
            };
            current.append(begin);
        }

        void append(String more) {
            current.append(more);
        }

        int length() {
            return text.length() + detail.length() + statement.length() + other.length();
        }

        /** Whether more lines of it would change a statement. */
        boolean mayGoOn() {
            return !statement.isEmpty() || text.indexOf("statement: ") >= 0 || text.indexOf("execute ") >= 0;
        }

        LogEntry entry() {
            return new LogEntry(
                    place,
                    session,
                    atMicros,
                    severity,
                    text.toString(),
                    detail.toString(),
                    sqlState,
                    statement.toString());
        }
    }
}
