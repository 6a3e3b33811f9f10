package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    @Test
    void three_a_second_never_drift() {
        Arrivals arrivals = Arrivals.perSecond(BigDecimal.valueOf(3), 1_000);

        assertThat(arrivals.at(1)).isEqualTo(333_334_333);
        assertThat(arrivals.at(2)).isEqualTo(666_667_666);
        assertThat(arrivals.at(3)).isEqualTo(1_000_001_000);
        assertThat(arrivals.at(3_000_000_000L)).isEqualTo(1_000_000_000_000_001_000L);
    }

    @Test
    void fractions_of_a_rate_are_exact() {
        assertThat(Arrivals.perSecond(new BigDecimal("0.5"), 0).at(7)).isEqualTo(14_000_000_000L);
        assertThat(Arrivals.perSecond(new BigDecimal("1.5"), 0).at(3)).isEqualTo(2_000_000_000L);
        assertThat(Arrivals.perSecond(new BigDecimal("333.3"), 0).at(3_333)).isEqualTo(10_000_000_000L);
        assertThat(Arrivals.perSecond(BigDecimal.valueOf(2_000.0), 0).at(2_000)).isEqualTo(1_000_000_000L);
    }

    @Test
    void every_interval_is_equidistant() {
        Arrivals arrivals = Arrivals.every(Duration.ofMillis(10), 5);

        assertThat(arrivals.at(0)).isEqualTo(5);
        assertThat(arrivals.at(360_000)).isEqualTo(3_600_000_000_005L);
    }

    @Test
    void any_schedule_equals_the_same_in_unbounded_arithmetic() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            long operations = 1 + random.nextLong(1L << random.nextInt(1, 32));
            long period = 1 + random.nextLong(1L << random.nextInt(1, 45));
            long index = random.nextLong(1L << random.nextInt(1, 40));
            BigInteger exact = BigInteger.valueOf(index)
                    .multiply(BigInteger.valueOf(period))
                    .divide(BigInteger.valueOf(operations))
                    .add(BigInteger.valueOf(17));
            if (exact.bitLength() < Long.SIZE) {
                assertThat(new Arrivals(17, operations, period).at(index))
                        .as("seed %s: operation %s of %s in %s ns", seed, index, operations, period)
                        .isEqualTo(exact.longValue());
            }
        }
    }

    @Test
    void a_schedule_beyond_the_clock_is_refused_and_never_wraps() {
        Arrivals arrivals = new Arrivals(0, 1, Long.MAX_VALUE / 2);

        assertThatThrownBy(() -> arrivals.at(3)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void no_rate_is_no_schedule() {
        assertThatThrownBy(() -> Arrivals.perSecond(BigDecimal.ZERO, 0))
                .hasMessage("Cannot schedule 0 operations a second: the rate must be positive."
                        + " Leave the load out instead.");
        assertThatThrownBy(() -> new Arrivals(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Arrivals(0, 1, 1).at(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
