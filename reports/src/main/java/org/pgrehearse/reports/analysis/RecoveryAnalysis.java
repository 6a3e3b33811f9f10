package org.pgrehearse.reports.analysis;

import java.util.Arrays;
import java.util.List;

/**
 * How long answers stay slow after a window of downtime: until the 99th percentile of a hundred probes in a row is back
 * within twice that of the probes before the first window.
 */
final class RecoveryAnalysis {
    private static final int FACTOR = 2;
    private static final int PROBES_IN_A_ROW = 100;
    private static final int SLOWER_MAX = PROBES_IN_A_ROW / 100;

    private final long[] times;
    private final long[] lateness;

    /** Probes in order of their intended start; the lateness of one that never came is the greatest long. */
    RecoveryAnalysis(long[] times, long[] lateness) {
        this.times = times.clone();
        this.lateness = lateness.clone();
    }

    Downtime.Recovery after(List<Downtime.Window> windows) {
        if (windows.isEmpty()) {
            return new Downtime.Recovery(0, 0, true, "");
        }
        int before = from(windows.getFirst().startNanos());
        if (before < PROBES_IN_A_ROW) {
            return new Downtime.Recovery(
                    0,
                    0,
                    false,
                    "only " + Words.count(before, "probe") + " before the first window, too few for a baseline");
        }
        long[] baseline = Arrays.copyOf(lateness, before);
        Arrays.sort(baseline);
        long p99 = baseline[Math.ceilDiv(before * 99, 100) - 1];
        long longest = 0;
        for (int i = 0; i < windows.size(); i++) {
            long until = i + 1 < windows.size() ? windows.get(i + 1).startNanos() : Long.MAX_VALUE;
            long tail = tail(windows.get(i).endNanos(), from(until), p99 * FACTOR);
            if (tail < 0) {
                return new Downtime.Recovery(
                        p99,
                        longest,
                        false,
                        "latency was not seen to return after the window that ended at "
                                + Words.instant(windows.get(i).endNanos()));
            }
            longest = Math.max(longest, tail);
        }
        return new Downtime.Recovery(p99, longest, true, "");
    }

    /**
     * From the window's end to the first of a hundred probes of which at most one is slower; -1 when there are none.
     */
    private long tail(long windowEnd, int until, long limit) {
        int first = from(windowEnd);
        int slower = 0;
        for (int i = first; i < until; i++) {
            slower += lateness[i] > limit ? 1 : 0;
            int begin = i - PROBES_IN_A_ROW + 1;
            if (begin > first) {
                slower -= lateness[begin - 1] > limit ? 1 : 0;
            }
            if (begin >= first && slower <= SLOWER_MAX) {
                return Math.max(0, times[skipSlow(begin, limit)] - windowEnd);
            }
        }
        return -1;
    }

    /** A stretch that is good over all may still begin with the one slow probe that it may hold. */
    private int skipSlow(int begin, long limit) {
        return lateness[begin] > limit ? begin + 1 : begin;
    }

    private int from(long nanos) {
        int place = Arrays.binarySearch(times, nanos);
        return place >= 0 ? place : -place - 1;
    }
}
