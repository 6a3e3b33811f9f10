package org.pgrehearse.chaos.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * What a run tells about itself, so that faults can be timed by it: marks for what has happened, counters, and readings
 * that are asked for. Safe for use by many threads; counting is cheap.
 */
public final class Signals {
    private final Map<String, AtomicLong> marks = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> alarms = new ConcurrentHashMap<>();
    private final Map<String, DoubleSupplier> readings = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Who wants to know. */
    interface Listener {
        /** Something happened; returns once what waits for it is done. */
        void marked();

        /** A counter has reached a number that was asked for; returns at once. */
        void reached();
    }

    /** How it was at one moment. */
    record State(Map<String, Long> marks, Map<String, Double> readings) {
        static final State BEGINNING = new State(Map.of(), Map.of());

        long marked(String mark) {
            return marks.getOrDefault(mark, 0L);
        }

        /** NaN while nobody knows. */
        double reading(String name) {
            return readings.getOrDefault(name, Double.NaN);
        }
    }

    /** Says that something has happened; returns once every fault that waited for just that is in place or healed. */
    public void mark(String what) {
        marks.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
        listeners.forEach(Listener::marked);
    }

    /** Adds one to the counter of this name, which is a reading too. */
    public void count(String name) {
        long now = counters.computeIfAbsent(name, key -> new AtomicLong()).incrementAndGet();
        AtomicLong alarm = alarms.get(name);
        if (alarm != null && now == alarm.get()) {
            listeners.forEach(Listener::reached);
        }
    }

    /** Takes a reading from here from now on; NaN means that it is not known now. Asked often: it must be cheap. */
    public void read(String name, DoubleSupplier reading) {
        readings.put(name, reading);
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    void leave(Listener listener) {
        listeners.remove(listener);
    }

    /** Asks to be told exactly when a counter reaches a number; only the latest such number is kept. */
    void alarm(String counter, long number) {
        alarms.computeIfAbsent(counter, name -> new AtomicLong(number)).set(number);
    }

    State state() {
        Map<String, Long> happened = marks.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, mark -> mark.getValue().get()));
        Map<String, Double> known = new ConcurrentHashMap<>();
        counters.forEach((name, counter) -> known.put(name, (double) counter.get()));
        readings.forEach((name, reading) -> known.put(name, reading.getAsDouble()));
        return new State(happened, Map.copyOf(known));
    }
}
