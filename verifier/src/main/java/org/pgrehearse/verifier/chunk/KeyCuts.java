package org.pgrehearse.verifier.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that cut a table into intervals of about the same size, in the order of the key. Interval 0 lies below the first
 * cut, the last one at or above the last cut: together they hold every row, also rows that were added since.
 *
 * @param column the first column of the key, as SQL must write it
 * @param type what keys are cast to; empty to leave that to the column
 * @param keys the cuts as text, ascending, each once
 */
public record KeyCuts(String column, String type, List<String> keys) {
    public KeyCuts {
        keys = List.copyOf(keys);
    }

    /** How many intervals there are. */
    public int intervals() {
        return keys.size() + 1;
    }

    /** The rows of the intervals from {@code first} up to, not including, {@code end}. */
    public Slice slice(int first, int end) {
        return new Slice.Keys(column, type, bound(first), bound(end));
    }

    private @Nullable String bound(int interval) {
        return interval == 0 || interval == intervals() ? null : keys.get(interval - 1);
    }
}
