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
 * @param lifetime a connection that is returned after this time is closed, and the next borrower opens another; zero
 *     for as long as the pool lives
 */
public record PoolLimits(
        int connectionsMax, int detachedMax, int openingsMax, Duration openingPace, Duration lifetime) {
    private static final int OPENINGS_MAX = 4;
    private static final Duration OPENING_PACE = Duration.ofMillis(50);

    public PoolLimits {
        boolean negative = openingPace.isNegative() || lifetime.isNegative();
        if (connectionsMax < 1 || detachedMax < 0 || openingsMax < 1 || negative) {
            throw new IllegalArgumentException("Cannot bound a pool by " + connectionsMax + " connections, "
                    + detachedMax + " detached, " + openingsMax + " openings, a pace of " + openingPace
                    + " and a lifetime of "
                    + lifetime + ".");
        }
    }

    /** A pool of at most this many connections. */
    public static PoolLimits of(int connectionsMax) {
        return new PoolLimits(connectionsMax, 0, OPENINGS_MAX, OPENING_PACE, Duration.ZERO);
    }

    /** The same with room for connections that seem stuck. */
    public PoolLimits withDetachedMax(int detached) {
        return new PoolLimits(connectionsMax, detached, openingsMax, openingPace, lifetime);
    }

    /** The same with connections that live so long at most. */
    public PoolLimits withLifetime(Duration longest) {
        return new PoolLimits(connectionsMax, detachedMax, openingsMax, openingPace, longest);
    }
}
