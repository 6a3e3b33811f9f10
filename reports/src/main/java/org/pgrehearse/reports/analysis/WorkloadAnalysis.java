package org.pgrehearse.reports.analysis;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Counts the operations of the load and takes their percentiles. One instance measures once. */
final class WorkloadAnalysis {
    private static final int DIGITS = 3;

    private final Histogram all = new Histogram(DIGITS);
    private final Histogram writes = new Histogram(DIGITS);
    private final Histogram reads = new Histogram(DIGITS);
    private final Map<String, Long> errors = new TreeMap<>();
    private long scheduled;
    private long acknowledged;
    private long failed;
    private long unknown;

    Workload measure(Attempts attempts) {
        for (int i = 0; i < attempts.size(); i++) {
            if (!attempts.probe(i)) {
                take(attempts, i);
            }
        }
        return new Workload(
                scheduled, acknowledged, failed, unknown, latency(all), latency(writes), latency(reads), errors);
    }

    private void take(Attempts attempts, int i) {
        scheduled++;
        switch (attempts.outcome(i)) {
            case ACKNOWLEDGED -> {
                acknowledged++;
                long latency = Math.max(0, attempts.ended(i) - attempts.intended(i));
                all.recordValue(latency);
                (attempts.write(i) ? writes : reads).recordValue(latency);
            }
            case FAILED -> {
                failed++;
                errors.merge(attempts.errorState(i), 1L, Long::sum);
            }
            case UNKNOWN -> {
                unknown++;
                errors.merge(attempts.errorState(i), 1L, Long::sum);
            }
        }
    }

    private static Workload.Latency latency(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new Workload.Latency(0, 0, 0, 0, 0, 0);
        }
        return new Workload.Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(95),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }
}
