package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's csvlog. A record that is not exactly as a server writes it is left out, with all lines up to the next
 * one that begins as records do.
 */
final class CsvLog {
    /** Columns of 12, of 13, and of 14 and later. */
    private static final Set<Integer> COLUMNS = Set.of(23, 24, 26);

    private static final Pattern BEGIN =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [^,\"]+,.*");
    private static final Pattern SESSION = Pattern.compile("[0-9a-f]{1,16}\\.[0-9a-f]{1,8}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final int LINES_MAX = 100_000;

    private final LogLines lines;
    private final LogSink sink;

    CsvLog(LogLines lines, LogSink sink) {
        this.lines = lines;
        this.sink = sink;
    }

    void read() throws IOException {
        @Nullable String line = lines.next();
        while (line != null) {
            if (BEGIN.matcher(line).matches()) {
                line = record(line);
            } else {
                sink.damaged(lines.place(), "a line that begins no record");
                line = lines.next();
            }
        }
    }

    /** Reads one record; returns the line after it. */
    private @Nullable String record(String first) throws IOException {
        String place = lines.place();
        Row row = new Row();
        @Nullable String line = first;
        for (int count = 0; count < LINES_MAX && line != null; count++) {
            boolean cut = lines.cut() || lines.tooLong();
            boolean open = row.take(line);
            if (!open || row.wrong() || cut) {
                finish(place, row, open || cut);
                return lines.next();
            }
            line = lines.next();
            if (line != null && count > 0 && row.length() > LogLines.LINE_CHARS_MAX) {
                break;
            }
        }
        sink.damaged(place, "a record without an end");
        return line;
    }

    private void finish(String place, Row row, boolean unfinished) {
        List<String> fields = row.fields();
        if (unfinished || row.wrong() || !COLUMNS.contains(fields.size())) {
            sink.damaged(place, unfinished ? "a record that was cut off" : "a record with wrong columns");
            return;
        }
        OptionalLong at = LogTime.micros(fields.getFirst());
        String pid = fields.get(3);
        String session = fields.get(5);
        boolean sound = at.isPresent()
                && SESSION.matcher(session).matches()
                && NUMBER.matcher(pid).matches()
                && NUMBER.matcher(fields.get(6)).matches()
                && session.endsWith("." + Long.toHexString(Long.parseLong(pid)));
        if (!sound) {
            sink.damaged(place, "a record with wrong columns");
            return;
        }
        sink.entry(new LogEntry(
                place,
                session,
                at.getAsLong(),
                fields.get(11),
                fields.get(13),
                fields.get(14),
                fields.get(12),
                fields.get(19)));
    }

    /** The fields of one record, line by line. */
    private static final class Row {
        private final List<String> fields = new ArrayList<>();
        private final StringBuilder field = new StringBuilder();
        private boolean quoted;
        private boolean wrong;
        private int length;

        /** Takes a line in; true when the record goes on in the next one. */
        boolean take(String line) {
            length += line.length();
            int at = 0;
            if (quoted) {
                field.append('\n');
                at = inQuotes(line, 0);
            }
            while (!quoted && !wrong && at <= line.length()) {
                if (at < line.length() && line.charAt(at) == '"' && field.isEmpty()) {
                    quoted = true;
                    at = inQuotes(line, at + 1);
                } else {
                    int end = line.indexOf(',', at);
                    end = end < 0 ? line.length() : end;
                    wrong |= line.substring(at, end).indexOf('"') >= 0;
                    fields.add(line.substring(at, end));
                    at = end + 1;
                }
            }
            return quoted;
        }

        /** Reads on inside quotes; returns where the next field begins. */
        private int inQuotes(String line, int from) {
            int at = from;
            while (at < line.length()) {
                char each = line.charAt(at);
                if (each != '"') {
                    field.append(each);
                    at++;
                } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                    field.append('"');
                    at += 2;
                } else {
                    quoted = false;
                    wrong |= at + 1 < line.length() && line.charAt(at + 1) != ',';
                    fields.add(field.toString());
                    field.setLength(0);
                    return at + 1 < line.length() ? at + 2 : line.length() + 1;
                }
            }
            return at;
        }

        boolean wrong() {
            return wrong;
        }

        int length() {
            return length;
        }

        List<String> fields() {
            return fields;
        }
    }
}
