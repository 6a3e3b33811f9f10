package org.pgrehearse.chaos.proxy;

import java.nio.charset.StandardCharsets;

/**
 * Randomness without state: the same seed and the same question always give the same answer, whatever else was asked in
 * between. So a connection's luck does not change when a neighboring toxic comes or goes.
 */
record Dice(long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final double UNIT = 0x1.0p-53;

    /** Other dice, for this name only. */
    Dice of(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b) * FNV_PRIME;
        }
        return of(hash);
    }

    /** Other dice, for this number only. */
    Dice of(long number) {
        return new Dice(mix(seed + GOLDEN * (number + 1)));
    }

    /** A number from 0 (included) to 1 (excluded). */
    double roll() {
        return (mix(seed + GOLDEN) >>> 11) * UNIT;
    }

    /** A number from {@code -spread} to {@code spread}, both included. */
    long around(long spread) {
        return Math.round((roll() * 2 - 1) * spread);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long first = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }
}
