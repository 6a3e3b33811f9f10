package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

/**
 * An open-loop schedule: when each operation is meant to start, whatever became of those before it. Exact: operation
 * {@code i} is due at {@code startNanos + floor(i * periodNanos / operations)}, without drift.
 *
 * @param startNanos when operation 0 is due, on the run's clock
 * @param operations how many operations are due in one period
 * @param periodNanos the length of the period
 */
public record Arrivals(long startNanos, long operations, long periodNanos) implements Schedule {
    private static final long OPERATIONS_MAX = 1L << 31;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public Arrivals {
        if (operations < 1 || operations > OPERATIONS_MAX || periodNanos < 1) {
            throw new IllegalArgumentException(
                    "Cannot schedule " + operations + " operations in " + periodNanos + " ns: both must be positive.");
        }
    }

    /** One operation each interval. */
    public static Arrivals every(Duration interval, long startNanos) {
        return new Arrivals(startNanos, 1, interval.toNanos());
    }

    /** So many operations a second; fractions such as 0.5 and 333.3 are exact. */
    public static Arrivals perSecond(BigDecimal rate, long startNanos) {
        if (rate.signum() <= 0) {
            throw new IllegalArgumentException("Cannot schedule " + rate + " operations a second: the rate must be"
                    + " positive. Leave the load out instead.");
        }
        int scale = Math.max(0, rate.stripTrailingZeros().scale());
        BigInteger operations = rate.movePointRight(scale).toBigIntegerExact();
        BigInteger period = BigInteger.valueOf(NANOS_PER_SECOND).multiply(BigInteger.TEN.pow(scale));
        BigInteger divisor = operations.gcd(period);
        return new Arrivals(
                startNanos,
                operations.divide(divisor).longValueExact(),
                period.divide(divisor).longValueExact());
    }

    @Override
    public long at(long index) {
        if (index < 0) {
            throw new IllegalArgumentException("Cannot schedule operation " + index + ": they are counted from 0.");
        }
        long periods = index / operations;
        long rest = index % operations;
        // rest * periodNanos could overflow; rest and the remainder are below 2^31, so their product cannot.
        long wholeNanos = periodNanos / operations;
        long partNanos = periodNanos % operations;
        long offset = rest * wholeNanos + rest * partNanos / operations;
        return Math.addExact(startNanos, Math.addExact(Math.multiplyExact(periods, periodNanos), offset));
    }
}
