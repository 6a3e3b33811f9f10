package org.pgrehearse.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** The shares that the definitions of the distributions give, within five standard deviations of the draws. */
final class DistributionsTest {
    private static final int DRAWS = 200_000;
    private static final long SEED = 20_240_131;

    @Test
    void uniform_numbers_are_equally_frequent() {
        double[] shares = shares(random -> Distributions.uniform(random, 1, 10));
        for (int k = 1; k <= 10; k++) {
            assertThat(shares[k]).isCloseTo(0.1, within(tolerance(0.1)));
        }
    }

    @Test
    void zipfian_numbers_fall_with_their_rank() {
        double sum = 0;
        for (int k = 1; k <= 10; k++) {
            sum += Math.pow(k, -1.5);
        }
        double[] shares = shares(random -> Distributions.zipfian(random, 1, 10, 1.5));
        for (int k = 1; k <= 10; k++) {
            double expected = Math.pow(k, -1.5) / sum;
            assertThat(shares[k]).isCloseTo(expected, within(tolerance(expected)));
        }
    }

    @Test
    void the_latest_numbers_are_the_most_frequent() {
        double sum = 0;
        for (int k = 1; k <= 10; k++) {
            sum += Math.pow(k, -1.5);
        }
        double[] shares = shares(random -> Distributions.latest(random, 1, 10, 1.5));
        for (int k = 1; k <= 10; k++) {
            double expected = Math.pow(11 - k, -1.5) / sum;
            assertThat(shares[k]).isCloseTo(expected, within(tolerance(expected)));
        }
    }

    @Test
    void a_hot_spot_gets_its_chance_and_shares_it_evenly() {
        double[] shares = shares(random -> Distributions.hotspot(random, 1, 10, 0.2, 0.9));
        for (int k = 1; k <= 10; k++) {
            double expected = k <= 2 ? 0.45 : 0.1 / 8;
            assertThat(shares[k]).isCloseTo(expected, within(tolerance(expected)));
        }
    }

    @Test
    void exponential_numbers_fall_evenly() {
        double[] shares = shares(random -> Distributions.exponential(random, 1, 10, 3.0));
        for (int k = 1; k <= 10; k++) {
            double expected = (Math.exp(-3.0 * (k - 1) / 10) - Math.exp(-3.0 * k / 10)) / (1 - Math.exp(-3.0));
            assertThat(shares[k]).isCloseTo(expected, within(tolerance(expected)));
        }
    }

    @Test
    void gaussian_numbers_crowd_in_the_middle_and_are_even_on_both_sides() {
        double[] shares = shares(random -> Distributions.gaussian(random, 1, 10, 2.5));
        // Between -0.5 and 0 standard deviations lies 0.19146 of all, and 0.98758 within 2.5.
        assertThat(shares[5]).isCloseTo(0.19146 / 0.98758, within(tolerance(0.19)));
        assertThat(shares[6]).isCloseTo(0.19146 / 0.98758, within(tolerance(0.19)));
        assertThat(shares[1]).isCloseTo(shares[10], within(2 * tolerance(0.017)));
    }

    private static double tolerance(double share) {
        return 5 * Math.sqrt(share * (1 - share) / DRAWS);
    }

    private static double[] shares(ToLongFunction<SplittableRandom> draw) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] shares = new double[11];
        for (int i = 0; i < DRAWS; i++) {
            shares[(int) draw.applyAsLong(random)] += 1.0 / DRAWS;
        }
        return shares;
    }
}
