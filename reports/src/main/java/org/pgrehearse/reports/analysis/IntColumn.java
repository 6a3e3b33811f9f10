package org.pgrehearse.reports.analysis;

import java.util.Arrays;

/** A growing column of ints without boxes. Not safe for use by many threads. */
final class IntColumn {
    private static final int START = 1 << 10;

    private int[] values = new int[START];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
