package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the statements in a log's messages. It holds back the last one of each session until the log has said how it
 * ended. Not safe for use by many threads.
 */
final class Statements implements LogSink {
    private static final int SESSIONS_MAX = 50_000;

    private static final Pattern DURATION = Pattern.compile("(?s)duration: (\\d{1,12}\\.\\d{1,6}) ms(?:  (.*))?");
    private static final Pattern STATEMENT = Pattern.compile("(?s)statement: (.*)");
    private static final Pattern EXECUTE = Pattern.compile("(?s)execute (fetch from )?(\\S+): (.*)");
    private static final Pattern PREPARING = Pattern.compile("(?s)(?:parse|bind) \\S+: .*");
    private static final String CANCELED = "57014";

    private final Tally tally;
    private final Sieve sieve;
    private final Taker out;
    private final Map<String, Recorded> last = new LinkedHashMap<>();
    private long zeroMicros = Long.MIN_VALUE;

    Statements(Tally tally, @Nullable Mask mask, Taker out) {
        this.tally = tally;
        this.sieve = new Sieve(tally, mask);
        this.out = out;
    }

    @Override
    public void damaged(String place, String why) {
        tally.skip("damaged", place, why);
    }

    @Override
    public void entry(LogEntry entry) {
        switch (entry.severity()) {
            case "LOG" -> message(entry, entry.message());
            case "ERROR", "FATAL" -> failure(entry);
            default -> {}
        }
    }

    private void message(LogEntry entry, String message) {
        Matcher duration = DURATION.matcher(message);
        if (duration.matches()) {
            long micros = new BigDecimal(duration.group(1)).movePointRight(3).longValue();
            if (duration.group(2) == null) {
                last.computeIfPresent(entry.session(), (session, open) -> open.with(micros, open.sqlState()));
            } else {
                statement(entry, duration.group(2), micros);
            }
        } else if (message.startsWith("disconnection: ")) {
            flush(entry.session());
            emit(new Recorded(entry.session(), since(entry.atMicros()), null, List.of(), -1, ""));
        } else {
            statement(entry, message, -1);
        }
    }

    private void statement(LogEntry entry, String text, long durationMicros) {
        Matcher simple = STATEMENT.matcher(text);
        Matcher execute = EXECUTE.matcher(text);
        if (simple.matches()) {
            found(entry, simple.group(1), "", durationMicros, "");
        } else if (execute.matches()) {
            if (execute.group(1) != null) {
                tally.skip("fetch", entry.place(), "more rows of a portal that is open already");
            } else {
                found(entry, execute.group(3), entry.detail(), durationMicros, "");
            }
        } else if (durationMicros >= 0 && !PREPARING.matcher(text).matches()) {
            tally.skip("unknown", entry.place(), "a duration of something unknown");
        }
    }

    private void failure(LogEntry entry) {
        Recorded open = last.get(entry.session());
        boolean under =
                open != null && open.durationMicros() < 0 && open.sqlState().isEmpty();
        if (open != null
                && under
                && (entry.query().isEmpty() || sieve.masked(entry.query()).equals(open.sql()))) {
            // Nothing else says after which time somebody had enough of it.
            long micros = CANCELED.equals(entry.sqlState()) ? since(entry.atMicros()) - open.atMicros() : -1;
            last.put(entry.session(), open.with(micros, state(entry)));
        } else if (!entry.query().isEmpty()) {
            found(entry, entry.query(), "", -1, state(entry));
        }
    }

    private static String state(LogEntry entry) {
        return entry.sqlState().isEmpty() ? "XX000" : entry.sqlState();
    }

    private void found(LogEntry entry, String sql, String detail, long durationMicros, String sqlState) {
        flush(entry.session());
        Optional<List<@Nullable String>> parameters =
                detail.toLowerCase(Locale.ROOT).startsWith("prepare: ")
                        ? Optional.of(List.of())
                        : Parameters.parse(detail);
        if (Secrets.mayBeIn(sql) || Secrets.mayBeIn(detail)) {
            tally.skip("secret", entry.place(), Sieve.SECRET);
        } else if (Copies.fromClient(sql)) {
            tally.skip("copy", entry.place(), "a COPY, whose data is not in the log");
        } else if (parameters.isEmpty() || parameters.get().size() != Sieve.places(sql)) {
            tally.skip("parameters", entry.place(), "a statement whose parameters are not all in the log");
        } else if (sql.isBlank()) {
            tally.skip("empty", entry.place(), "an empty statement");
        } else {
            long at = entry.atMicros() - Math.max(0, durationMicros);
            hold(sieve.masked(
                    new Recorded(entry.session(), since(at), sql, parameters.get(), durationMicros, sqlState)));
        }
    }

    private long since(long micros) {
        if (zeroMicros == Long.MIN_VALUE) {
            zeroMicros = micros;
        }
        return Math.max(0, micros - zeroMicros);
    }

    private void hold(Recorded recorded) {
        last.put(recorded.session(), recorded);
        if (last.size() > SESSIONS_MAX) {
            Iterator<Recorded> oldest = last.values().iterator();
            emit(oldest.next());
            oldest.remove();
        }
    }

    private void flush(String session) {
        Recorded open = last.remove(session);
        if (open != null) {
            emit(open);
        }
    }

    void end() {
        last.values().forEach(this::emit);
        last.clear();
    }

    private void emit(Recorded recorded) {
        tally.count(recorded);
        try {
            out.take(recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes what was found. */
    interface Taker {
        void take(Recorded recorded) throws IOException;
    }
}
