package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
    private final Deque<Slice.Pages> done;
    private long next;
    private long length = FIRST_RANGE_PAGES;
    private boolean finished;

    /**
     * The pages for so many readers: near the end nobody gets more than a fair share.
     *
     * @param done ranges that were read before, from the first pages up
     */
    PageRanges(long pages, int readers, Duration wanted, List<Slice.Pages> done) {
        this.pages = pages;
        this.wantedNanos = wanted.toNanos();
        this.share = Math.max(1, readers);
        this.done = new ArrayDeque<>(done);
    }

    /**
     * The next range; empty when all were handed out. Unless it was read before there is always a last one without an
     * end, also of an empty table.
     */
    synchronized Optional<Slice> take() {
        skipDone();
        if (finished) {
            return Optional.empty();
        }
        long fair = Math.max(RANGE_PAGES_MIN, (pages - next + share - 1) / share);
        long first = next;
        Slice.Pages before = done.peekFirst();
        next = Math.min(first + Math.min(length, fair), before == null ? Long.MAX_VALUE : before.first());
        finished = next >= pages && before == null;
        return Optional.of(new Slice.Pages(first, next, finished));
    }

    private void skipDone() {
        for (Slice.Pages before = done.peekFirst();
                before != null && before.first() == next;
                before = done.peekFirst()) {
            next = before.end();
            finished = before.last();
            done.removeFirst();
        }
    }

    /** Learns how long a range took. */
    synchronized void took(Slice slice, long nanos) {
        if (slice instanceof Slice.Pages(long first, long end, boolean _last)) {
            long ideal = (long) ((end - first) * (double) wantedNanos / Math.max(1, nanos));
            length = Math.clamp(Math.min(ideal, length * GROWTH_MAX), RANGE_PAGES_MIN, RANGE_PAGES_MAX);
        }
    }
}
