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
 * @param durationMicros how long it took; -1 when the log does not say
 * @param sqlState of its failure; empty when the log knows of none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recorded(
        String session,
        long atMicros,
        @Nullable String sql,
        List<@Nullable String> parameters,
        long durationMicros,
        String sqlState) {
    public Recorded {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    /** Whether it is the end of its session. */
    public boolean ends() {
        return sql == null;
    }

    Recorded with(long micros, String state) {
        return new Recorded(session, atMicros, sql, parameters, micros, state);
    }
}
