package org.pgrehearse.scenarios.workload;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tokens of one run: who draws them from one object never meets another's. The upper bits of a token name its
 * stream, the lower ones count within it. Safe for use by many threads.
 */
public final class Tokens {
    private static final int SEQUENCE_BITS = 44;
    private static final long SEQUENCE_MAX = (1L << SEQUENCE_BITS) - 1;
    private static final int STREAMS_MAX = 1 << 18;

    private final AtomicInteger streams = new AtomicInteger();
    private final long mark;

    private Tokens(long mark) {
        this.mark = mark;
    }

    /** The tokens of a run's recorded operations. */
    public static Tokens recorded() {
        return new Tokens(0);
    }

    /** Tokens of a practice that is not recorded: below zero, as all that the instrument writes for itself. */
    public static Tokens unrecorded() {
        return new Tokens(Long.MIN_VALUE);
    }

    /** A stream nobody else draws from. */
    public Stream stream() {
        int number = streams.incrementAndGet();
        if (number > STREAMS_MAX) {
            throw new IllegalStateException("Cannot draw tokens from more than " + STREAMS_MAX + " streams in a run.");
        }
        return new Stream(number, mark);
    }

    /** The number of the stream a token came from. */
    public static int streamOf(long token) {
        return Math.toIntExact((token & Long.MAX_VALUE) >>> SEQUENCE_BITS);
    }

    /** The index of a token in its stream. */
    public static long indexOf(long token) {
        return token & SEQUENCE_MAX;
    }

    /**
     * Tokens of one load or one kind of probe.
     *
     * @param number unique in the run, counted from 1
     * @param mark bits that every token of the stream carries
     */
    public record Stream(int number, long mark) {
        /** The token of the operation of this index. */
        public long at(long index) {
            if (index < 0 || index > SEQUENCE_MAX) {
                throw new IllegalArgumentException("Cannot make a token for operation " + index + ".");
            }
            return mark | ((long) number << SEQUENCE_BITS) | index;
        }
    }
}
