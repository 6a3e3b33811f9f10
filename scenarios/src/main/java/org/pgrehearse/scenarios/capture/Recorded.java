package org.pgrehearse.scenarios.capture;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a session did, as a workload file keeps it.
 *
 * @param session names the session
 * @param atMicros when it began, since the beginning of the recording
 * @param sql the statement; null for the end of the session
 * @param parameters the values of {@code $1} and so on, each null or a text
 * @param durationMicros how long it took; -1 when the recording does not say
 * @param sqlState of its failure; empty when the recording knows of none
 * @param results the rows it answered with, in their order, as far as they may hold values that the server generated; a
 *     column that holds none is null; null when the recording does not say
 * @param copy the data that a COPY FROM STDIN got, each byte a character; null for everything else
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recorded(
        String session,
        long atMicros,
        @Nullable String sql,
        List<@Nullable String> parameters,
        long durationMicros,
        String sqlState,
        @Nullable List<List<@Nullable String>> results,
        @Nullable String copy) {
    public Recorded {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
        results = results == null ? null : copied(results);
    }

    private static List<List<@Nullable String>> copied(List<List<@Nullable String>> rows) {
        List<List<@Nullable String>> all = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            all.add(Collections.unmodifiableList(new ArrayList<>(row)));
        }
        return Collections.unmodifiableList(all);
    }

    /** A statement of which neither results nor data are known, or the end of a session. */
    public Recorded(
            String session,
            long atMicros,
            @Nullable String sql,
            List<@Nullable String> parameters,
            long durationMicros,
            String sqlState) {
        this(session, atMicros, sql, parameters, durationMicros, sqlState, null, null);
    }

    /** Whether it is the end of its session. */
    public boolean ends() {
        return sql == null;
    }

    Recorded with(long micros, String state) {
        return new Recorded(session, atMicros, sql, parameters, micros, state, results, copy);
    }
}
