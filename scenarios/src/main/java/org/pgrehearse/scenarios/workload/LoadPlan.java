package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * How much load, and how patient its users are.
 *
 * @param ratePerSecond arrivals a second over all instances
 * @param patience how long a transaction waits at the gate and for a connection before it fails unsent
 * @param inFlightMax operations under way at once; an arrival beyond it is recorded as failed
 * @param curve of the rate; without points the rate is constant
 * @param every from one arrival to the next, in place of the rate; zero where the rate or the curve says it
 * @param isolation of transactions that write the ledger
 * @param retry what becomes of writes that were not acknowledged
 */
public record LoadPlan(
        BigDecimal ratePerSecond,
        Duration patience,
        int inFlightMax,
        Curve curve,
        Duration every,
        Isolation isolation,
        Retry retry) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int IN_FLIGHT_MAX = 20_000;

    public LoadPlan {
        if (ratePerSecond.signum() <= 0 || patience.isNegative() || inFlightMax < 1) {
            throw new IllegalArgumentException(
                    "Cannot load with " + ratePerSecond + " arrivals a second, a patience of " + patience + " and "
                            + inFlightMax + " in flight: the first and the last must be positive.");
        }
    }

    /** A constant rate, the server's usual isolation, and nothing tried again. */
    public LoadPlan(BigDecimal ratePerSecond, Duration patience, int inFlightMax) {
        this(ratePerSecond, patience, inFlightMax, Curve.NONE, Duration.ZERO, Isolation.READ_COMMITTED, Retry.NONE);
    }

    /** The same with another curve, isolation and retry. */
    public LoadPlan with(Curve other, Isolation level, Retry policy) {
        return new LoadPlan(ratePerSecond, patience, inFlightMax, other, every, level, policy);
    }

    /** The same with one arrival each interval, the first at once. */
    public LoadPlan each(Duration interval) {
        return new LoadPlan(ratePerSecond, patience, inFlightMax, Curve.NONE, interval, isolation, retry);
    }

    Schedule schedule(long startNanos) {
        if (every.isPositive()) {
            return Arrivals.every(every, startNanos);
        }
        return curve.points().isEmpty()
                ? Arrivals.perSecond(ratePerSecond, startNanos)
                : new RateCurve(curve.points(), curve.ramps(), curve.repeat(), startNanos);
    }

    /** So many arrivals a second, with users who wait ten seconds. */
    public static LoadPlan perSecond(double rate) {
        return new LoadPlan(BigDecimal.valueOf(rate), PATIENCE, IN_FLIGHT_MAX);
    }

    /** How the rate changes: see {@link RateCurve}. */
    public record Curve(List<RateCurve.Point> points, boolean ramps, boolean repeat) {
        /** No change. */
        public static final Curve NONE = new Curve(List.of(), false, false);

        public Curve {
            points = List.copyOf(points);
        }
    }
}
