package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * How much load, and how patient its users are.
 *
 * @param ratePerSecond arrivals a second over all instances
 * @param patience how long a transaction waits at the gate and for a connection before it fails unsent
 * @param inFlightMax operations under way at once; an arrival beyond it is recorded as failed
 */
public record LoadPlan(BigDecimal ratePerSecond, Duration patience, int inFlightMax) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int IN_FLIGHT_MAX = 20_000;

    public LoadPlan {
        if (ratePerSecond.signum() <= 0 || patience.isNegative() || inFlightMax < 1) {
            throw new IllegalArgumentException(
                    "Cannot load with " + ratePerSecond + " arrivals a second, a patience of " + patience + " and "
                            + inFlightMax + " in flight: the first and the last must be positive.");
        }
    }

    /** So many arrivals a second, with users who wait ten seconds. */
    public static LoadPlan perSecond(double rate) {
        return new LoadPlan(BigDecimal.valueOf(rate), PATIENCE, IN_FLIGHT_MAX);
    }
}
