package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** When no write could commit on a side any more, as the runbook claims. */
final class Fences {
    /** A stretch of time in which a side was fenced; open at the end when the fence was never lifted. */
    record Fence(Side side, long fromNanos, long untilNanos) {
        boolean holds(long startNanos, long endNanos) {
            return fromNanos < startNanos && startNanos < untilNanos && endNanos <= untilNanos;
        }
    }

    private final List<Fence> fences;

    Fences(List<Event.Fenced> fenced, List<Event.FenceLifted> lifted) {
        List<Fence> found = new ArrayList<>();
        for (Event.Fenced fence : fenced) {
            long until = lifted.stream()
                    .filter(lift -> lift.side() == fence.side() && lift.atNanos() >= fence.atNanos())
                    .map(Event.FenceLifted::atNanos)
                    .min(Comparator.naturalOrder())
                    .orElse(Long.MAX_VALUE);
            found.add(new Fence(fence.side(), fence.atNanos(), until));
        }
        fences = List.copyOf(found);
    }

    boolean isEmpty() {
        return fences.isEmpty();
    }

    /**
     * How long the side had been fenced when something started that also ended behind the fence; 0 when it was not.
     * What waits behind a fence until it is lifted, and is executed then, has not leaked.
     */
    long fencedFor(Side side, long startNanos, long endNanos) {
        long longest = 0;
        for (Fence fence : fences) {
            if (fence.side() == side && fence.holds(startNanos, endNanos)) {
                longest = Math.max(longest, startNanos - fence.fromNanos());
            }
        }
        return longest;
    }
}
