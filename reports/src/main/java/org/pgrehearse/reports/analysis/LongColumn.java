package org.pgrehearse.reports.analysis;

import java.util.Arrays;

/** A growing column of longs without boxes. Not safe for use by many threads. */
final class LongColumn {
    private static final int START = 1 << 10;

    private long[] values = new long[START];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size++] = value;
    }

    long get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
