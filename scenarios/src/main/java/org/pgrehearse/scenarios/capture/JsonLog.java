package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** PostgreSQL's jsonlog, 15 and later: one object a line. */
final class JsonLog {
    private final JsonMapper mapper = JsonMapper.shared();
    private final LogLines lines;
    private final LogSink sink;

    JsonLog(LogLines lines, LogSink sink) {
        this.lines = lines;
        this.sink = sink;
    }

    void read() throws IOException {
        @Nullable String line = lines.next();
        while (line != null) {
            if (lines.tooLong()) {
                sink.damaged(lines.place(), "a line that is too long");
            } else if (!line.isBlank()) {
                object(line);
            }
            line = lines.next();
        }
    }

    private void object(String line) {
        JsonNode node;
        try {
            node = mapper.readTree(line);
        } catch (JacksonException e) {
            sink.damaged(lines.place(), "a line that is no JSON");
            return;
        }
        OptionalLong at = LogTime.micros(text(node, "timestamp"));
        String session = text(node, "session_id");
        if (!node.isObject()
                || at.isEmpty()
                || session.isEmpty()
                || text(node, "error_severity").isEmpty()) {
            sink.damaged(lines.place(), "a line without time, session or severity");
            return;
        }
        sink.entry(new LogEntry(
                lines.place(),
                session,
                at.getAsLong(),
                text(node, "error_severity"),
                text(node, "message"),
                text(node, "detail"),
                text(node, "state_code"),
                text(node, "statement")));
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value != null && value.isString() ? value.stringValue() : "";
    }
}
