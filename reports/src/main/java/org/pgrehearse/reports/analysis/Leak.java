package org.pgrehearse.reports.analysis;

import java.util.List;
import org.pgrehearse.reports.journal.Side;

/**
 * One way past a fence: writes of one role from one pool, executed on a side although they started after it was fenced.
 *
 * @param role the database role; empty when nobody told it
 * @param pool the application instance, or the sentinel with its kind of connection
 * @param sessions how many different sessions wrote; those that were not told count as one
 * @param busiest the sessions with the most writes, at most {@value #SESSIONS_LISTED_MAX}
 * @param firstNanos start of the first write
 * @param lastNanos start of the last one
 * @param worstNanos longest time between the fence and the start of a write
 */
public record Leak(
        Side side,
        String role,
        String pool,
        long writes,
        long sessions,
        List<Session> busiest,
        long firstNanos,
        long lastNanos,
        long worstNanos) {
    /** No more sessions are listed; all are counted. */
    public static final int SESSIONS_LISTED_MAX = 10;

    public Leak {
        busiest = List.copyOf(busiest);
    }

    /**
     * One session past the fence.
     *
     * @param backend process id of its backend on that side; 0 when nobody told it
     */
    public record Session(int backend, long writes) {}
}
