package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.Optional;

/**
 * Hands out the pages of a table, range by range, each so long that a statement over it takes about the wanted time.
 * Safe for use by many threads.
 */
final class PageRanges {
    private static final long FIRST_RANGE_PAGES = 1_024;
    private static final long RANGE_PAGES_MIN = 16;
    private static final long RANGE_PAGES_MAX = 131_072;
    private static final int GROWTH_MAX = 4;

    private final long pages;
    private final long share;
    private final long wantedNanos;
    private long next;
    private long length = FIRST_RANGE_PAGES;
    private boolean finished;

    /** The pages for so many readers: near the end nobody gets more than a fair share. */
    PageRanges(long pages, int readers, Duration wanted) {
        this.pages = pages;
        this.wantedNanos = wanted.toNanos();
        this.share = Math.max(1, readers);
    }

    /** The next range; empty when all were handed out. At least one is handed out, also of an empty table. */
    synchronized Optional<Slice> take() {
        if (finished) {
            return Optional.empty();
        }
        long fair = Math.max(RANGE_PAGES_MIN, (pages - next + share - 1) / share);
        long first = next;
        next = first + Math.min(length, fair);
        finished = next >= pages;
        return Optional.of(new Slice.Pages(first, next, finished));
    }

    /** Learns how long a range took. */
    synchronized void took(Slice slice, long nanos) {
        if (slice instanceof Slice.Pages(long first, long end, boolean _last)) {
            long ideal = (long) ((end - first) * (double) wantedNanos / Math.max(1, nanos));
            length = Math.clamp(Math.min(ideal, length * GROWTH_MAX), RANGE_PAGES_MIN, RANGE_PAGES_MAX);
        }
    }
}
