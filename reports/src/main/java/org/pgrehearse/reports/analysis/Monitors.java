package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pgrehearse.reports.journal.Event;

/** Each monitor's readings, thinned as they come: when a monitor has too many, pairs are merged into the greater. */
final class Monitors {
    private static final int READINGS_MAX = 10_000;
    private static final int MONITORS_MAX = 100;

    private final Map<String, Thinned> monitors = new TreeMap<>();

    void add(Event.Sample sample) {
        Thinned known = monitors.get(sample.monitor());
        if (known == null && monitors.size() < MONITORS_MAX) {
            known = new Thinned();
            monitors.put(sample.monitor(), known);
        }
        if (known != null) {
            known.add(new Timeline.Reading(sample.atNanos(), sample.value()));
        }
    }

    List<Timeline.Monitor> all() {
        return monitors.entrySet().stream()
                .map(entry ->
                        new Timeline.Monitor(entry.getKey(), entry.getValue().sorted()))
                .toList();
    }

    /** Readings of which each stands for {@code share} in a row: the greatest of them. */
    static final class Thinned {
        private List<Timeline.Reading> readings = new ArrayList<>();
        private int share = 1;
        private int inLast;

        void add(Timeline.Reading reading) {
            if (readings.isEmpty() || inLast == share) {
                readings.add(reading);
                inLast = 1;
            } else {
                readings.add(greater(readings.removeLast(), reading));
                inLast++;
            }
            if (readings.size() > READINGS_MAX) {
                halve();
            }
        }

        List<Timeline.Reading> sorted() {
            return readings.stream()
                    .sorted(Comparator.comparingLong(Timeline.Reading::atNanos))
                    .toList();
        }

        private void halve() {
            List<Timeline.Reading> half = new ArrayList<>();
            for (int i = 0; i + 1 < readings.size(); i += 2) {
                half.add(greater(readings.get(i), readings.get(i + 1)));
            }
            if (readings.size() % 2 == 1) {
                half.add(readings.getLast());
            } else {
                inLast = share * 2;
            }
            readings = half;
            share *= 2;
        }

        private static Timeline.Reading greater(Timeline.Reading one, Timeline.Reading other) {
            return other.value() > one.value() ? other : one;
        }
    }
}
