package org.pgrehearse.scenarios;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.workload.Gauge;

/**
 * Passes every event on to the journal, and remembers what a reader who watches wants to know. Safe for many threads.
 */
final class LiveBoard implements Recorder {
    private final Recorder journal;
    private volatile String phase = "";
    private volatile String step = "";
    private final Map<String, Double> samples = new ConcurrentHashMap<>();
    private volatile Consumer<Event> listening = event -> {};
    private volatile Runnable acknowledged = () -> {};
    private volatile Sources sources =
            new Sources(() -> new Gauge.Reading(0, 0, 0, 0, 0, 0, 0), () -> Double.NaN, List::of);

    private record Sources(Supplier<Gauge.Reading> gauge, DoubleSupplier lagBytes, Supplier<List<String>> faults) {}

    LiveBoard(Recorder journal) {
        this.journal = journal;
    }

    void watch(Supplier<Gauge.Reading> gauge, DoubleSupplier lagBytes, Supplier<List<String>> faults) {
        sources = new Sources(gauge, lagBytes, faults);
    }

    /** Tells somebody of every event, on the thread that recorded it. */
    void tell(Consumer<Event> listener) {
        listening = listener;
    }

    /** Tells somebody of every acknowledged commit of the load, on the thread that recorded it. */
    void tellCommits(Runnable listener) {
        acknowledged = listener;
    }

    Live live() {
        Sources now = sources;
        Gauge.Reading reading = now.gauge().get();
        return new Live(
                nowNanos(),
                phase,
                step,
                reading.acknowledged(),
                reading.failed(),
                reading.unknown(),
                reading.endedPerSecond(),
                reading.latenessMillisP99(),
                now.lagBytes().getAsDouble(),
                now.faults().get(),
                samples);
    }

    @Override
    public long nowNanos() {
        return journal.nowNanos();
    }

    @Override
    public void record(Event event) {
        if (event instanceof Event.PhaseStarted started) {
            phase = started.name();
        } else if (event instanceof Event.StepStarted started) {
            step = started.step();
        } else if (event instanceof Event.StepEnded) {
            step = "";
        } else if (event instanceof Event.Sample sample) {
            samples.put(sample.monitor(), sample.value());
        }
        journal.record(event);
        listening.accept(event);
        if (event instanceof Event.Operation done && done.write() && done.outcome() == Outcome.ACKNOWLEDGED) {
            acknowledged.run();
        }
    }
}
