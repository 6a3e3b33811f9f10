package org.pgrehearse.scenarios.script;

import java.util.random.RandomGenerator;

/** Numbers from a range, both ends included, most as pgbench distributes them. Pure but for the generator. */
public final class Distributions {
    /** Draws after which a number outside every reasonable chance is taken for the likeliest one. */
    private static final int DRAWS_MAX = 1_000_000;

    private Distributions() {}

    /** Each with the same chance. */
    public static long uniform(RandomGenerator random, long min, long max) {
        return min + random.nextLong(max - min + 1);
    }

    /** Falling exponentially from {@code min}; the greater the parameter, the steeper. */
    public static long exponential(RandomGenerator random, long min, long max, double parameter) {
        double cut = Math.exp(-parameter);
        double uniform = 1.0 - random.nextDouble();
        double share = -Math.log(cut + (1.0 - cut) * uniform) / parameter;
        return scaled(min, max, share);
    }

    /** A bell around the middle, cut off at {@code parameter} standard deviations on both sides. */
    public static long gaussian(RandomGenerator random, long min, long max, double parameter) {
        for (int draws = 0; draws < DRAWS_MAX; draws++) {
            double deviation = random.nextGaussian();
            if (deviation >= -parameter && deviation < parameter) {
                return scaled(min, max, (deviation + parameter) / (parameter * 2.0));
            }
        }
        return min + (max - min) / 2;
    }

    /**
     * {@code min} most often, the k-th with a chance proportional to {@code 1 / k ^ parameter}. By rejection as in Luc
     * Devroye, Non-Uniform Random Variate Generation, p. 551, which needs no table of all chances.
     */
    public static long zipfian(RandomGenerator random, long min, long max, double parameter) {
        long count = max - min + 1;
        double base = Math.pow(2.0, parameter - 1.0);
        for (int draws = 0; count > 1 && draws < DRAWS_MAX; draws++) {
            double first = random.nextDouble();
            double second = random.nextDouble();
            double rank = Math.floor(Math.pow(first, -1.0 / (parameter - 1.0)));
            double slope = Math.pow(1.0 + 1.0 / rank, parameter - 1.0);
            if (rank <= count && second * rank * (slope - 1.0) / (base - 1.0) <= slope / base) {
                return min - 1 + (long) rank;
            }
        }
        return min;
    }

    /** The same from the upper end: {@code max} most often. */
    public static long latest(RandomGenerator random, long min, long max, double parameter) {
        return max - (zipfian(random, min, max, parameter) - min);
    }

    /**
     * With this chance one of the first keys, otherwise one of the others, each with the same chance.
     *
     * @param share of the range that is hot, above 0 and below 1; at least one key is
     */
    public static long hotspot(RandomGenerator random, long min, long max, double share, double chance) {
        long count = max - min + 1;
        long hot = Math.clamp(Math.round(count * share), 1, count);
        return hot == count || random.nextDouble() < chance
                ? uniform(random, min, min + hot - 1)
                : uniform(random, min + hot, max);
    }

    private static long scaled(long min, long max, double share) {
        return Math.min(max, min + (long) ((max - min + 1) * share));
    }
}
