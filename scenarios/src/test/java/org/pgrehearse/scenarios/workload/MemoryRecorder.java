package org.pgrehearse.scenarios.workload;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;

/** A journal in memory. */
final class MemoryRecorder implements Recorder {
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

    <T extends Event> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<Event.Operation> operations() {
        return all(Event.Operation.class);
    }

    List<Event.Operation> operations(Outcome outcome) {
        return operations().stream().filter(each -> each.outcome() == outcome).toList();
    }

    List<Event.Probe> probes(boolean write) {
        return all(Event.Probe.class).stream()
                .filter(probe -> probe.write() == write)
                .toList();
    }

    List<Long> tokens(Outcome outcome) {
        return operations(outcome).stream()
                .filter(Event.Operation::write)
                .map(Event.Operation::token)
                .toList();
    }
}
