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
        /** Whether it held all that time; what ended after it was lifted may have been executed then. */
        boolean holds(long start, long end) {
            return fromNanos < start && end < untilNanos;
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

    /** How long the side had been fenced when an operation began that ended within the same fence; 0 when not. */
    long fencedFor(Side side, long start, long end) {
        long longest = 0;
        for (Fence fence : fences) {
            if (fence.side() == side && fence.holds(start, end)) {
                longest = Math.max(longest, start - fence.fromNanos());
            }
        }
        return longest;
    }
}
