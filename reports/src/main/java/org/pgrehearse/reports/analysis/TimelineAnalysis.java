package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.pgrehearse.reports.journal.Side;

/** Draws the curves of a run from its attempts. */
final class TimelineAnalysis {
    private static final int BUCKETS_MAX = 2000;
    private static final int DOTS_MAX = 20_000;
    private static final int DOTS_PER_BIN = 4;
    private static final long[] BUCKET_MILLIS = {
        100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000, 86_400_000
    };
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Attempts attempts;
    private final Authority authority;
    private final long end;
    private final long tolerance;
    private final long bucket;
    private final int buckets;

    TimelineAnalysis(Attempts attempts, Authority authority, long end, long tolerance) {
        this.attempts = attempts;
        this.authority = authority;
        this.end = end;
        this.tolerance = tolerance;
        bucket = Arrays.stream(BUCKET_MILLIS)
                .map(millis -> millis * NANOS_PER_MILLI)
                .filter(nanos -> end / nanos < BUCKETS_MAX)
                .findFirst()
                .orElse(Math.ceilDiv(end, BUCKETS_MAX));
        buckets = (int) (end / bucket) + 1;
    }

    Timeline draw(List<Timeline.Monitor> monitors) {
        return new Timeline(bucket, buckets(), monitors, dots());
    }

    private List<Timeline.Bucket> buckets() {
        long[] acknowledged = new long[buckets];
        long[] failed = new long[buckets];
        long[] unknown = new long[buckets];
        int[] starts = new int[buckets + 1];
        for (int i = 0; i < attempts.size(); i++) {
            if (!attempts.probe(i)) {
                long[] counts = switch (attempts.outcome(i)) {
                    case ACKNOWLEDGED -> acknowledged;
                    case FAILED -> failed;
                    case UNKNOWN -> unknown;
                };
                counts[index(attempts.ended(i))]++;
                if (attempts.acknowledged(i)) {
                    starts[index(attempts.intended(i)) + 1]++;
                }
            }
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        long[] latencies = latenciesByBucket(starts);
        List<Timeline.Bucket> all = new ArrayList<>(buckets);
        for (int b = 0; b < buckets; b++) {
            Arrays.sort(latencies, starts[b], starts[b + 1]);
            all.add(new Timeline.Bucket(
                    b * bucket,
                    acknowledged[b],
                    failed[b],
                    unknown[b],
                    percentile(latencies, starts[b], starts[b + 1], 50),
                    percentile(latencies, starts[b], starts[b + 1], 99),
                    percentile(latencies, starts[b], starts[b + 1], 100)));
        }
        return all;
    }

    private long[] latenciesByBucket(int[] starts) {
        int[] next = Arrays.copyOf(starts, buckets);
        long[] latencies = new long[starts[buckets]];
        for (int i = 0; i < attempts.size(); i++) {
            if (!attempts.probe(i) && attempts.acknowledged(i)) {
                latencies[next[index(attempts.intended(i))]++] = Math.max(0, attempts.ended(i) - attempts.intended(i));
            }
        }
        return latencies;
    }

    private static long percentile(long[] sorted, int from, int until, int percent) {
        return from == until ? -1 : sorted[from + Math.max(0, Math.ceilDiv((until - from) * percent, 100) - 1)];
    }

    private int index(long nanos) {
        return Math.clamp(nanos / bucket, 0, buckets - 1);
    }

    /** Every probe, or for each bin of time the fastest and the slowest of the good and of the others. */
    private List<Timeline.Dot> dots() {
        int probes = 0;
        for (int i = 0; i < attempts.size(); i++) {
            probes += attempts.probe(i) ? 1 : 0;
        }
        int bins = DOTS_MAX / (DOTS_PER_BIN * 2);
        List<Integer> chosen = new ArrayList<>();
        int[] kept = new int[bins * DOTS_PER_BIN * 2];
        Arrays.fill(kept, -1);
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.probe(i) && probes <= DOTS_MAX) {
                chosen.add(i);
            } else if (attempts.probe(i)) {
                int bin = Math.clamp(attempts.intended(i) / Math.max(1, Math.ceilDiv(end, bins)), 0, bins - 1);
                int kind = (attempts.write(i) ? 2 : 0) + (look(i) == Timeline.Look.GOOD ? 0 : 1);
                keepExtremes(kept, (bin * DOTS_PER_BIN + kind) * 2, i);
            }
        }
        Arrays.stream(kept).filter(i -> i >= 0).distinct().forEach(chosen::add);
        return chosen.stream()
                .sorted(Comparator.comparingLong(attempts::intended))
                .map(i -> new Timeline.Dot(attempts.intended(i), duration(i), attempts.write(i), look(i)))
                .toList();
    }

    private void keepExtremes(int[] kept, int place, int i) {
        if (kept[place] < 0 || duration(i) < duration(kept[place])) {
            kept[place] = i;
        }
        if (kept[place + 1] < 0 || duration(i) > duration(kept[place + 1])) {
            kept[place + 1] = i;
        }
    }

    private long duration(int i) {
        return Math.max(0, attempts.ended(i) - attempts.intended(i));
    }

    private Timeline.Look look(int i) {
        return switch (attempts.outcome(i)) {
            case FAILED -> Timeline.Look.FAILED;
            case UNKNOWN -> Timeline.Look.UNKNOWN;
            case ACKNOWLEDGED -> {
                Side side = attempts.side(i);
                if (side == null || side != authority.at(attempts.ended(i))) {
                    yield Timeline.Look.WRONG_SIDE;
                }
                yield duration(i) > tolerance ? Timeline.Look.LATE : Timeline.Look.GOOD;
            }
        };
    }
}
