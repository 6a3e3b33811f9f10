package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

/** The attempts that prove one finding: all counted, the first few, the worst and the last kept. */
final class Evidence {
    private static final int FIRST_MAX = 20;
    private static final int NONE = -1;

    private final String finding;
    private final Attempts attempts;
    private final PriorityQueue<Integer> first;
    private long count;
    private int worst = NONE;
    private long worstWeight;
    private int last = NONE;

    Evidence(String finding, Attempts attempts) {
        this.finding = finding;
        this.attempts = attempts;
        this.first = new PriorityQueue<>(byStart().reversed());
    }

    /** Takes one attempt in; the greater the weight, the worse it is. */
    void add(int attempt, long weight) {
        count++;
        if (worst == NONE || Long.compareUnsigned(weight, worstWeight) > 0) {
            worst = attempt;
            worstWeight = weight;
        }
        if (last == NONE || attempts.started(attempt) >= attempts.started(last)) {
            last = attempt;
        }
        first.add(attempt);
        if (first.size() > FIRST_MAX) {
            first.poll();
        }
    }

    long count() {
        return count;
    }

    /** The kept ones in order of their start; each once. */
    List<Story> stories(IntFunction<String> teller) {
        Map<Integer, String> kept = new LinkedHashMap<>();
        List<Integer> early = new ArrayList<>(first);
        early.sort(byStart());
        early.forEach(attempt -> kept.putIfAbsent(attempt, kept.isEmpty() ? "first" : "early"));
        if (worst != NONE) {
            kept.merge(worst, "worst", (before, now) -> before.equals("first") ? before : now);
            kept.merge(last, "last", (before, now) -> before.equals("early") ? now : before);
        }
        return kept.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(byStart()))
                .map(entry -> new Story(
                        finding,
                        entry.getValue(),
                        attempts.token(entry.getKey()),
                        attempts.started(entry.getKey()),
                        teller.apply(entry.getKey())))
                .toList();
    }

    private Comparator<Integer> byStart() {
        return Comparator.<Integer>comparingLong(attempts::started).thenComparingInt(Integer::intValue);
    }
}
