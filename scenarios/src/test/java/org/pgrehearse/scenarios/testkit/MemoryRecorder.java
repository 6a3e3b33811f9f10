package org.pgrehearse.scenarios.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;

/** Keeps every event in memory. */
public final class MemoryRecorder implements Recorder {
    private final long startNanos = System.nanoTime();
    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public long nowNanos() {
        return System.nanoTime() - startNanos;
    }

    @Override
    public void record(Event event) {
        events.add(event);
    }

    /** Everything so far. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The events of one kind so far. */
    public <E extends Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
