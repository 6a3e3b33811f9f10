package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;

/** What happened to each fault. A name may be used again; what follows belongs to its latest use. */
final class FaultBook {
    private static final long NEVER = -1;

    private final List<Event> events = new ArrayList<>();

    void add(Event event) {
        events.add(event);
    }

    /** All faults in the order in which they were asked for; one that was never asked for is listed all the same. */
    List<FaultRecord> records(long end) {
        List<Use> uses = new ArrayList<>();
        events.stream().sorted(Comparator.comparingLong(Event::atNanos)).forEach(event -> apply(uses, event));
        return uses.stream().map(use -> use.told(end)).toList();
    }

    private static void apply(List<Use> uses, Event event) {
        if (event instanceof Event.FaultAsked asked) {
            uses.add(new Use(asked));
        } else if (event instanceof Event.FaultBit bit) {
            Use use = latest(uses, bit.name(), bit.atNanos());
            use.bit = use.bit == null ? bit : use.bit;
        } else if (event instanceof Event.FaultEdge edge) {
            Use use = latest(uses, edge.name(), edge.atNanos());
            FaultRecord.Edge between = new FaultRecord.Edge(edge.requestNanos(), edge.confirmedNanos());
            use.began = edge.began() ? between : use.began;
            use.ended = edge.began() ? use.ended : between;
        } else if (event instanceof Event.FaultHealed healed) {
            Use use = latest(uses, healed.name(), healed.atNanos());
            use.healed = healed;
            use.endNanos = healed.healed() ? healed.atNanos() : use.endNanos;
        }
    }

    private static Use latest(List<Use> uses, String name, long at) {
        for (int i = uses.size() - 1; i >= 0; i--) {
            if (uses.get(i).asked.name().equals(name)) {
                return uses.get(i);
            }
        }
        Use unasked = new Use(new Event.FaultAsked(at, name, "unknown", "unknown", "never asked for"));
        uses.add(unasked);
        return unasked;
    }

    /** One use of a fault, as far as its events have been read. */
    private static final class Use {
        private final Event.FaultAsked asked;
        private Event.@Nullable FaultBit bit;
        private FaultRecord.@Nullable Edge began;
        private FaultRecord.@Nullable Edge ended;
        private Event.@Nullable FaultHealed healed;
        private long endNanos = NEVER;

        Use(Event.FaultAsked asked) {
            this.asked = asked;
        }

        FaultRecord told(long end) {
            return new FaultRecord(
                    asked.name(),
                    asked.kind(),
                    asked.place(),
                    asked.detail(),
                    asked.atNanos(),
                    bit == null ? NEVER : bit.atNanos(),
                    bit == null ? "" : bit.evidence(),
                    healed == null ? NEVER : healed.atNanos(),
                    healed != null && healed.healed(),
                    healed == null ? "" : healed.detail(),
                    endNanos == NEVER ? end : endNanos,
                    began,
                    ended);
        }
    }
}
