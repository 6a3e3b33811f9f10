package org.pgrehearse.scenarios.topology;

import java.time.Duration;

/**
 * The bounds of a pool.
 *
 * @param connectionsMax connections in use, idle and opening
 * @param detachedMax connections that seem stuck and are not counted among the former
 * @param openingsMax openings without an answer before the pool becomes careful
 * @param openingPace a careful pool begins one opening in this time, so that a server that stood still is not met by a
 *     storm of logins, and a path that healed is tried soon
 */
public record PoolLimits(int connectionsMax, int detachedMax, int openingsMax, Duration openingPace) {
    private static final int OPENINGS_MAX = 4;
    private static final Duration OPENING_PACE = Duration.ofMillis(50);

    public PoolLimits {
        if (connectionsMax < 1 || detachedMax < 0 || openingsMax < 1 || openingPace.isNegative()) {
            throw new IllegalArgumentException("Cannot bound a pool by " + connectionsMax + " connections, "
                    + detachedMax + " detached, " + openingsMax + " openings and a pace of " + openingPace + ".");
        }
    }

    /** A pool of at most this many connections. */
    public static PoolLimits of(int connectionsMax) {
        return new PoolLimits(connectionsMax, 0, OPENINGS_MAX, OPENING_PACE);
    }

    /** The same with room for connections that seem stuck. */
    public PoolLimits withDetachedMax(int detached) {
        return new PoolLimits(connectionsMax, detached, openingsMax, openingPace);
    }
}
