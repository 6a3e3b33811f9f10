package org.pgrehearse.scenarios.script;

/**
 * A permutation of the numbers from 0 below a size, chosen by a seed, without a table: a Feistel network on the least
 * even number of bits that holds them, walked until it is below the size again (Black and Rogaway, Ciphers with
 * Arbitrary Finite Domains, 2002). Not the permutation that pgbench makes of the same seed. Pure.
 */
final class Permutation {
    private static final int ROUNDS = 6;

    private Permutation() {}

    /**
     * Where a number goes.
     *
     * @param value any number; counted modulo the size
     * @param size at least 1
     */
    static long of(long value, long size, long seed) {
        int half = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
        long mask = (1L << half) - 1;
        long place = Math.floorMod(value, size);
        do {
            long left = place >>> half;
            long right = place & mask;
            for (int round = 0; round < ROUNDS; round++) {
                long mixed = left ^ (Hashes.murmur2(right, seed + round) & mask);
                left = right;
                right = mixed;
            }
            place = left << half | right;
        } while (Long.compareUnsigned(place, size) >= 0);
        return place;
    }
}
