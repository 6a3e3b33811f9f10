package org.pgrehearse.verifier.chunk;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Number of rows and sum of row hashes in each bucket of one side. Sums wrap at 64 bits: sums of well mixed hashes
 * differ modulo 2^64 as surely as the hashes do. Safe for use by many threads.
 */
public final class BucketSums {
    private final long[] counts;
    private final long[] sums;

    /** No rows yet; the number of buckets is a power of two. */
    public BucketSums(int buckets) {
        this.counts = new long[buckets];
        this.sums = new long[buckets];
    }

    /** Adds a part of a bucket. */
    public synchronized void add(Sum part) {
        counts[part.bucket()] += part.count();
        sums[part.bucket()] += part.sum();
    }

    /** What one statement found in one bucket. */
    public record Sum(int bucket, long count, long sum) {
        /** A part as the server tells it; the sum is a numeric's text. */
        public static Sum of(int bucket, long count, String decimal) {
            return new Sum(bucket, count, new BigInteger(decimal).longValue());
        }
    }

    /** Rows in all buckets. */
    public synchronized long rows() {
        return Arrays.stream(counts).sum();
    }

    /** Rows in one bucket. */
    public synchronized long rows(int bucket) {
        return counts[bucket];
    }

    /** The buckets whose number of rows or sum is not the other side's. */
    public List<Integer> differing(BucketSums other) {
        List<Integer> differing = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (rows(i) != other.rows(i) || sum(i) != other.sum(i)) {
                differing.add(i);
            }
        }
        return differing;
    }

    /** The buckets that hold something. */
    synchronized List<Sum> parts() {
        return IntStream.range(0, counts.length)
                .filter(bucket -> counts[bucket] != 0 || sums[bucket] != 0)
                .mapToObj(bucket -> new Sum(bucket, counts[bucket], sums[bucket]))
                .toList();
    }

    private synchronized long sum(int bucket) {
        return sums[bucket];
    }
}
