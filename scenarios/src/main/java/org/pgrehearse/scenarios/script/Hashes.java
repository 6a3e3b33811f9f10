package org.pgrehearse.scenarios.script;

/** pgbench's hashes, bit by bit. Pure. */
final class Hashes {
    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long MURMUR_FACTOR = 0xc6a4a7935bd1e995L;
    private static final long MURMUR_FACTOR_TIMES_8 = 0x35253c9ade8f4ca8L;
    private static final int MURMUR_SHIFT = 47;

    private Hashes() {}

    static long fnv1a(long value, long seed) {
        long hash = FNV_OFFSET_BASIS ^ seed;
        for (int octet = 0; octet < Long.BYTES; octet++) {
            hash = (hash ^ ((value >> (octet * Byte.SIZE)) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    static long murmur2(long value, long seed) {
        long mixed = value * MURMUR_FACTOR;
        mixed = (mixed ^ (mixed >>> MURMUR_SHIFT)) * MURMUR_FACTOR;
        long hash = (seed ^ MURMUR_FACTOR_TIMES_8 ^ mixed) * MURMUR_FACTOR;
        hash = (hash ^ (hash >>> MURMUR_SHIFT)) * MURMUR_FACTOR;
        return hash ^ (hash >>> MURMUR_SHIFT);
    }
}
