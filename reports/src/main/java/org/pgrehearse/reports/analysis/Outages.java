package org.pgrehearse.reports.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Downtime looked at from further sides than writing and reading. Immutable.
 *
 * @param anyRead of reads on whichever side answered
 * @param connect of opening a fresh connection and asking it anything
 * @param database of writes over fresh connections
 * @param pool of writes over pooled connections
 * @param clientNanos time in windows of the pool outside those of the database: users were down and the database was
 *     not
 * @param window the longest window without writes; null when there was none
 * @param phases what the runbook did in that window; their lengths add up to it
 */
public record Outages(
        Downtime anyRead,
        Downtime connect,
        Downtime database,
        Downtime pool,
        long clientNanos,
        Downtime.@Nullable Window window,
        List<Slice> phases) {
    /** The name of time in a window in which no step ran, before the route had been switched. */
    public static final String UNEXPLAINED = "unexplained";
    /** The name of time in a window after the last switch of authority in which no step ran. */
    public static final String RECONNECT = "reconnect";

    public Outages {
        phases = List.copyOf(phases);
    }

    /** Time in the longest window that no step explains. */
    public long unexplainedNanos() {
        return phases.stream()
                .filter(slice -> slice.name().equals(UNEXPLAINED))
                .mapToLong(Slice::nanos)
                .sum();
    }

    /** So much of a window went into this: a step of the runbook, {@link #RECONNECT} or {@link #UNEXPLAINED}. */
    public record Slice(String name, long nanos) {}
}
