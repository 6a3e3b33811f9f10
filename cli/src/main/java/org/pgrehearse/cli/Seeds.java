package org.pgrehearse.cli;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The seed of a run: the one that was given, or a new one, short enough to be typed. */
final class Seeds {
    private static final int NEW_SEED_MAX = 1_000_000;

    private Seeds() {}

    static long given(@Nullable Long seed) {
        return seed == null ? 1 + new SecureRandom().nextInt(NEW_SEED_MAX) : seed;
    }
}
