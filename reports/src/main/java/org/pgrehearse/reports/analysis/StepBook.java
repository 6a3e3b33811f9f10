package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pgrehearse.reports.journal.Event;

/** Pairs the starts of steps with their ends. A step may run more than once; an end belongs to its latest start. */
final class StepBook {
    private final List<StepRecord> records = new ArrayList<>();

    StepBook(List<Event> events, long end) {
        events.stream().sorted(Comparator.comparingLong(Event::atNanos)).forEach(event -> {
            if (event instanceof Event.StepStarted start) {
                records.add(new StepRecord(start.step(), start.description(), start.atNanos(), end, null, ""));
            } else if (event instanceof Event.StepEnded ended) {
                end(ended);
            }
        });
    }

    List<StepRecord> records() {
        return List.copyOf(records);
    }

    private void end(Event.StepEnded ended) {
        for (int i = records.size() - 1; i >= 0; i--) {
            StepRecord open = records.get(i);
            if (open.step().equals(ended.step()) && open.result() == null) {
                records.set(
                        i,
                        new StepRecord(
                                open.step(),
                                open.description(),
                                open.startNanos(),
                                ended.atNanos(),
                                ended.result(),
                                ended.detail()));
                return;
            }
        }
        records.add(new StepRecord(ended.step(), "", ended.atNanos(), ended.atNanos(), ended.result(), ended.detail()));
    }
}
