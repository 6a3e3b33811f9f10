package org.pgrehearse.reports.analysis;

import java.util.Arrays;

/** From a token to the number of its attempt: open addressing over two arrays. Not safe for use by many threads. */
final class TokenIndex {
    static final int ABSENT = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int SLOTS_PER_ENTRY = 2;

    private final long[] tokens;
    private final int[] attempts;
    private final int shift;

    TokenIndex(int entries) {
        int bits = Math.max(4, Long.SIZE - Long.numberOfLeadingZeros((long) entries * SLOTS_PER_ENTRY));
        tokens = new long[1 << bits];
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
        tokens[slot] = token;
        attempts[slot] = attempt;
        return true;
    }

    /** The attempt of this token, or {@link #ABSENT}. */
    int get(long token) {
        return attempts[slot(token)];
    }

    private int slot(long token) {
        int slot = (int) ((token * GOLDEN) >>> shift);
        while (attempts[slot] != ABSENT && tokens[slot] != token) {
            slot = (slot + 1) & (tokens.length - 1);
        }
        return slot;
    }
}
