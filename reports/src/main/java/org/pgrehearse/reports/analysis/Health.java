package org.pgrehearse.reports.analysis;

import java.util.concurrent.TimeUnit;

/** Tells hard down (nothing in a bucket of time succeeded) from degraded (something failed). Not for many threads. */
final class Health {
    private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PROBES_PER_BUCKET_MIN = 5;
    private static final int GOOD_PERCENT_MIN = 99;

    private final long start;
    private final long end;
    private final long bucket;
    private long current;
    private long probes;
    private long good;
    private long hardDown;
    private long degraded;

    /** The health from a start to an end, with a probe every so many nanoseconds. */
    Health(long startNanos, long endNanos, long intervalNanos) {
        start = startNanos;
        end = endNanos;
        bucket = Math.max(BUCKET_NANOS, intervalNanos * PROBES_PER_BUCKET_MIN);
    }

    /** Takes the next probe in, in order of time. */
    void next(long intended, boolean bad) {
        long index = (intended - start) / bucket;
        if (index != current) {
            close();
            current = index;
        }
        probes++;
        good += bad ? 0 : 1;
    }

    /** Closes the last bucket. */
    void close() {
        long from = start + current * bucket;
        long length = Math.max(0, Math.min(bucket, end - from));
        if (probes > 0 && good == 0) {
            hardDown += length;
        } else if (good * 100 < probes * GOOD_PERCENT_MIN) {
            degraded += length;
        }
        probes = 0;
        good = 0;
    }

    long hardDown() {
        return hardDown;
    }

    long degraded() {
        return degraded;
    }
}
