package org.pgrehearse.bench.peers;

import java.util.List;

/** The least, the middle and the greatest of some measurements; of an even number the mean of the two in the middle. */
record Spread(double least, double median, double greatest) {
    /** At least one measurement is needed. */
    static Spread of(List<Double> measurements) {
        if (measurements.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        List<Double> sorted = measurements.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }
}
