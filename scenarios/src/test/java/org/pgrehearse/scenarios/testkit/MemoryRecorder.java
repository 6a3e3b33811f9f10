package org.pgrehearse.scenarios.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;

/** A journal in memory. Safe for use by many threads. */
public final class MemoryRecorder implements Recorder {
    private final long openedNanos = System.nanoTime();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    @Override
    public long nowNanos() {
        return System.nanoTime() - openedNanos;
    }

    @Override
    public void record(Event event) {
        events.add(event);
    }

    /** Everything so far, in the order it was recorded. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The events of one kind so far. */
    public <T extends Event> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Every operation so far. */
    public List<Event.Operation> operations() {
        return events(Event.Operation.class);
    }

    /** The operations of one outcome so far. */
    public List<Event.Operation> operations(Outcome outcome) {
        return operations().stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** The write probes or the read probes so far. */
    public List<Event.Probe> probes(boolean write) {
        return events(Event.Probe.class).stream()
                .filter(probe -> probe.write() == write)
                .toList();
    }

    /** The tokens of the writes of one outcome so far. */
    public List<Long> tokens(Outcome outcome) {
        return operations(outcome).stream()
                .filter(Event.Operation::write)
                .map(Event.Operation::token)
                .toList();
    }
}
