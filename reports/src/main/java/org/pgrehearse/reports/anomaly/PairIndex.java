package org.pgrehearse.reports.anomaly;

import java.util.Arrays;

/** Finds the number that was put for a pair of an int and a long. Open addressing; not safe for use by many threads. */
final class PairIndex {
    static final int ABSENT = -1;
    private static final int START_BITS = 10;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MIX = 0xBF58476D1CE4E5B9L;

    private int[] ints = new int[1 << START_BITS];
    private long[] longs = new long[1 << START_BITS];
    private int[] values = filled(1 << START_BITS);
    private int shift = Long.SIZE - START_BITS;
    private int size;

    /** The number of this pair, or {@link #ABSENT}. */
    int get(int one, long other) {
        return values[slot(one, other)];
    }

    /** Puts a number that is not negative; replaces the one that was put for the pair before. */
    void put(int one, long other, int value) {
        int slot = slot(one, other);
        if (values[slot] == ABSENT) {
            if (size >= values.length / 2) {
                grow();
                slot = slot(one, other);
            }
            size++;
            ints[slot] = one;
            longs[slot] = other;
        }
        values[slot] = value;
    }

    private int slot(int one, long other) {
        long hash = (other * GOLDEN) ^ (one * MIX);
        hash = (hash ^ (hash >>> 32)) * GOLDEN;
        int slot = (int) (hash >>> shift);
        while (values[slot] != ABSENT && (longs[slot] != other || ints[slot] != one)) {
            slot = (slot + 1) & (values.length - 1);
        }
        return slot;
    }

    private void grow() {
        int[] oldInts = ints;
        long[] oldLongs = longs;
        int[] oldValues = values;
        int length = Math.multiplyExact(oldValues.length, 2);
        ints = new int[length];
        longs = new long[length];
        values = filled(length);
        shift--;
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != ABSENT) {
                int slot = slot(oldInts[i], oldLongs[i]);
                ints[slot] = oldInts[i];
                longs[slot] = oldLongs[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private static int[] filled(int length) {
        int[] values = new int[length];
        Arrays.fill(values, ABSENT);
        return values;
    }
}
