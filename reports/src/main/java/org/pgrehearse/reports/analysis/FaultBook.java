package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pgrehearse.reports.journal.Event;

/** What happened to each fault. A name may be used again; what follows belongs to its latest use. */
final class FaultBook {
    private final List<Event> events = new ArrayList<>();

    void add(Event event) {
        events.add(event);
    }

    /** All faults in the order in which they were asked for; one that was never asked for is listed all the same. */
    List<FaultRecord> records(long end) {
        List<FaultRecord> records = new ArrayList<>();
        events.stream().sorted(Comparator.comparingLong(Event::atNanos)).forEach(event -> apply(records, event, end));
        return List.copyOf(records);
    }

    private static void apply(List<FaultRecord> records, Event event, long end) {
        if (event instanceof Event.FaultAsked asked) {
            records.add(FaultRecord.asked(asked, end));
        } else if (event instanceof Event.FaultBit bit) {
            int i = latest(records, bit.name(), bit.atNanos(), end);
            FaultRecord fault = records.get(i);
            if (!fault.bit()) {
                records.set(i, fault.with(bit));
            }
        } else if (event instanceof Event.FaultEdge edge) {
            int i = latest(records, edge.name(), edge.atNanos(), end);
            records.set(i, records.get(i).with(edge));
        } else if (event instanceof Event.FaultHealed healed) {
            int i = latest(records, healed.name(), healed.atNanos(), end);
            records.set(i, records.get(i).with(healed));
        }
    }

    private static int latest(List<FaultRecord> records, String name, long at, long end) {
        for (int i = records.size() - 1; i >= 0; i--) {
            if (records.get(i).name().equals(name)) {
                return i;
            }
        }
        records.add(FaultRecord.asked(new Event.FaultAsked(at, name, "unknown", "unknown", "never asked for"), end));
        return records.size() - 1;
    }
}
