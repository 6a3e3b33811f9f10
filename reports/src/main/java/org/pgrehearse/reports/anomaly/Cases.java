package org.pgrehearse.reports.anomaly;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is found of each anomaly: all counted, the first, the worst and the last kept. Not for many threads.
 */
final class Cases {
    private final Map<Anomaly, Kept> forbidden = new EnumMap<>(Anomaly.class);
    private final Map<Anomaly, Kept> allowed = new EnumMap<>(Anomaly.class);
    private long baselineUntil = -1;

    void baselineUntil(long nanos) {
        baselineUntil = nanos;
    }

    /** Takes one case in; the greater the weight, the worse it is. Its text is only asked for when it is kept. */
    void add(Anomaly anomaly, boolean isForbidden, long from, long until, long weight, Supplier<String> text) {
        Kept kept = (isForbidden ? forbidden : allowed).computeIfAbsent(anomaly, unused -> new Kept());
        kept.count++;
        kept.baseline += until <= baselineUntil ? 1 : 0;
        boolean first = kept.first == null || from < kept.first.fromNanos();
        boolean worst = kept.worst == null || weight > kept.worstWeight;
        boolean last = kept.last == null || from >= kept.last.fromNanos();
        if (!first && !worst && !last) {
            return;
        }
        String told = text.get();
        if (first) {
            kept.first = new Anomalies.Case("first", from, until, told);
        }
        if (worst) {
            kept.worst = new Anomalies.Case("worst", from, until, told);
            kept.worstWeight = weight;
        }
        if (last) {
            kept.last = new Anomalies.Case("last", from, until, told);
        }
    }

    List<Anomalies.Found> found() {
        List<Anomalies.Found> all = new ArrayList<>();
        forbidden.forEach((anomaly, kept) -> all.add(kept.found(anomaly, true)));
        allowed.forEach((anomaly, kept) -> all.add(kept.found(anomaly, false)));
        return all;
    }

    /** What is kept of one anomaly. */
    private static final class Kept {
        private long count;
        private long baseline;
        private long worstWeight;
        private Anomalies.@Nullable Case first;
        private Anomalies.@Nullable Case worst;
        private Anomalies.@Nullable Case last;

        Anomalies.Found found(Anomaly anomaly, boolean isForbidden) {
            List<Anomalies.Case> cases = new ArrayList<>();
            for (Anomalies.Case each : new Anomalies.Case[] {first, worst, last}) {
                if (each != null
                        && cases.stream().noneMatch(other -> other.text().equals(each.text()))) {
                    cases.add(each);
                }
            }
            return new Anomalies.Found(anomaly, isForbidden, count, baseline, cases);
        }
    }
}
