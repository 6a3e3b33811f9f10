package org.pgrehearse.reports.analysis;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * From a token to the number of its attempt: open addressing over one array of attempts, whose tokens are asked for and
 * not kept again; 5 to 11 bytes an entry. Not safe for use by many threads.
 */
final class TokenIndex {
    static final int ABSENT = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int BITS_MIN = 4;

    private final IntToLongFunction tokenOf;
    private final int[] attempts;
    private final int shift;

    /**
     * An empty index.
     *
     * @param entries how many will be put at most; three of four slots are in use then
     * @param tokenOf the token of an attempt that was put
     */
    TokenIndex(int entries, IntToLongFunction tokenOf) {
        this.tokenOf = tokenOf;
        int bits = Math.max(BITS_MIN, Long.SIZE - Long.numberOfLeadingZeros(entries + entries / 3L));
        attempts = new int[1 << bits];
        Arrays.fill(attempts, ABSENT);
        shift = Long.SIZE - bits;
    }

    /** Whether the token was new; a known token keeps its attempt. */
    boolean put(long token, int attempt) {
        int slot = slot(token);
        if (attempts[slot] != ABSENT) {
            return false;
        }
        attempts[slot] = attempt;
        return true;
    }

    /** The attempt of this token, or {@link #ABSENT}. */
    int get(long token) {
        return attempts[slot(token)];
    }

    private int slot(long token) {
        int slot = (int) ((token * GOLDEN) >>> shift);
        while (attempts[slot] != ABSENT && tokenOf.applyAsLong(attempts[slot]) != token) {
            slot = (slot + 1) & (attempts.length - 1);
        }
        return slot;
    }
}
