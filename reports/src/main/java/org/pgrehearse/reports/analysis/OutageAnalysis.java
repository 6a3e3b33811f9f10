package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;

/**
 * Measures downtime from further sides, and splits the longest window without writes among the steps of the runbook.
 */
final class OutageAnalysis {
    private final List<StepRecord> steps;
    private final Authority authority;

    OutageAnalysis(List<StepRecord> steps, Authority authority) {
        this.steps = List.copyOf(steps);
        this.authority = authority;
    }

    Outages measure(Downtime write, Function<Service, Downtime> of) {
        Downtime database = of.apply(Service.DATABASE);
        Downtime pool = of.apply(Service.POOL);
        Downtime.Window longest = write.windows().stream()
                .max(Comparator.comparingLong(Downtime.Window::nanos))
                .orElse(null);
        return new Outages(
                of.apply(Service.ANY_READ),
                of.apply(Service.CONNECT),
                database,
                pool,
                uncovered(pool.windows(), database.windows()),
                longest,
                longest == null ? List.of() : phases(longest));
    }

    /** How much of these windows lies outside the others; both are in order and do not overlap among themselves. */
    private static long uncovered(List<Downtime.Window> windows, List<Downtime.Window> others) {
        long nanos = 0;
        for (Downtime.Window window : windows) {
            nanos += window.nanos();
            for (Downtime.Window other : others) {
                long both = Math.min(window.endNanos(), other.endNanos())
                        - Math.max(window.startNanos(), other.startNanos());
                nanos -= Math.max(0, both);
            }
        }
        return nanos;
    }

    /** Cuts the window where a step begins or ends or authority moves; each piece belongs to the step begun last. */
    private List<Outages.Slice> phases(Downtime.Window window) {
        TreeSet<Long> cuts = new TreeSet<>(List.of(window.startNanos(), window.endNanos()));
        steps.forEach(step -> cuts.addAll(List.of(step.startNanos(), step.endNanos())));
        authority.moves().forEach(move -> cuts.add(move.atNanos()));
        List<Long> inside = new ArrayList<>(cuts.subSet(window.startNanos(), true, window.endNanos(), true));
        Map<String, Long> lengths = new LinkedHashMap<>();
        for (int i = 0; i + 1 < inside.size(); i++) {
            lengths.merge(name(inside.get(i), window), inside.get(i + 1) - inside.get(i), Long::sum);
        }
        return lengths.entrySet().stream()
                .map(entry -> new Outages.Slice(entry.getKey(), entry.getValue()))
                .toList();
    }

    private String name(long nanos, Downtime.Window window) {
        StepRecord running = runningAt(nanos);
        if (running != null) {
            return running.step();
        }
        boolean switched = authority.moves().stream()
                .map(Event.AuthorityMoved::atNanos)
                .anyMatch(move -> move >= window.startNanos() && move <= nanos);
        return switched ? Outages.RECONNECT : Outages.UNEXPLAINED;
    }

    private @Nullable StepRecord runningAt(long nanos) {
        return steps.stream()
                .filter(step -> step.startNanos() <= nanos && nanos < step.endNanos())
                .max(Comparator.comparingLong(StepRecord::startNanos))
                .orElse(null);
    }
}
