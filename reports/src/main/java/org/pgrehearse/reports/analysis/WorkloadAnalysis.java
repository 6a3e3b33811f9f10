package org.pgrehearse.reports.analysis;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final Map<Integer, Tally> byLabel = new HashMap<>();
    private final List<Phase> phases;

    /** Of a run with these phases, in their order. */
    WorkloadAnalysis(List<Phase> phases) {
        this.phases = List.copyOf(phases);
    }

    /** The counts of one kind of transaction; those of failures by the number of their phase. */
    private static final class Tally {
        private long acknowledged;
        private long unknown;
        private long failed;
        private final Map<Integer, Long> failures = new TreeMap<>();

        private void add(Tally other) {
            acknowledged += other.acknowledged;
            unknown += other.unknown;
            failed += other.failed;
            other.failures.forEach((phase, count) -> failures.merge(phase, count, Long::sum));
        }
    }

    Workload measure(Attempts attempts) {
        for (int i = 0; i < attempts.size(); i++) {
            if (!attempts.probe(i)) {
                take(attempts, i);
            }
        }
        return new Workload(
                scheduled,
                acknowledged,
                failed,
                unknown,
                latency(all),
                latency(writes),
                latency(reads),
                errors,
                told(attempts));
    }

    private List<Workload.Kind> told(Attempts attempts) {
        TreeMap<String, Tally> kinds = new TreeMap<>();
        byLabel.forEach((label, tally) -> kinds.computeIfAbsent(attempts.transaction(label), name -> new Tally())
                .add(tally));
        return kinds.entrySet().stream()
                .limit(Workload.KINDS_MAX)
                .map(entry -> told(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Workload.Kind told(String name, Tally tally) {
        LinkedHashMap<String, Long> byPhase = new LinkedHashMap<>();
        tally.failures.forEach((phase, count) -> byPhase.merge(phases.get(phase).name(), count, Long::sum));
        return new Workload.Kind(
                name.isEmpty() ? "(others)" : name,
                tally.acknowledged + tally.failed + tally.unknown,
                tally.acknowledged,
                tally.failed,
                tally.unknown,
                byPhase);
    }

    /** The last phase that began before this instant. */
    private void fail(Tally tally, long intended) {
        tally.failed++;
        for (int phase = phases.size() - 1; phase >= 0; phase--) {
            if (phases.get(phase).startNanos() <= intended) {
                tally.failures.merge(phase, 1L, Long::sum);
                return;
            }
        }
    }

    private void take(Attempts attempts, int i) {
        scheduled++;
        Tally kind = byLabel.computeIfAbsent(attempts.labelNumber(i), label -> new Tally());
        switch (attempts.outcome(i)) {
            case ACKNOWLEDGED -> {
                acknowledged++;
                kind.acknowledged++;
                long latency = Math.max(0, attempts.ended(i) - attempts.intended(i));
                all.recordValue(latency);
                (attempts.write(i) ? writes : reads).recordValue(latency);
            }
            case FAILED -> {
                failed++;
                fail(kind, attempts.intended(i));
                errors.merge(attempts.errorState(i), 1L, Long::sum);
            }
            case UNKNOWN -> {
                unknown++;
                kind.unknown++;
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
