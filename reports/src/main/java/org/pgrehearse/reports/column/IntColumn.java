package org.pgrehearse.reports.column;

import java.util.Arrays;

/** A growing column of ints without boxes. Not safe for use by many threads. */
public final class IntColumn {
    private static final int START = 1 << 10;

    private int[] values = new int[START];
    private int size;

    /** Appends one value. */
    public void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size++] = value;
    }

    /** The value at an index below {@link #size}. */
    public int get(int index) {
        return values[index];
    }

    /** Replaces the value at an index below {@link #size}. */
    public void set(int index, int value) {
        values[index] = value;
    }

    /** How many values it holds. */
    public int size() {
        return size;
    }
}
