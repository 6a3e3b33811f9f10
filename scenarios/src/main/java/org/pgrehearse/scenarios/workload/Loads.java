package org.pgrehearse.scenarios.workload;

import java.time.Duration;
import java.util.List;

/** Several loads at once: the users, and the jobs beside them. As safe as the loads are. */
public final class Loads implements Users {
    private final List<Load> loads;

    /** Takes at least one; the first is the users'. */
    public Loads(List<Load> loads) {
        if (loads.isEmpty()) {
            throw new IllegalArgumentException("Cannot put no load together: name at least one.");
        }
        this.loads = List.copyOf(loads);
    }

    /** Counts of all; the lateness is that of the users, of whom somebody waits for the answer. */
    @Override
    public Gauge.Reading gauge() {
        Gauge.Reading sum = loads.getFirst().gauge();
        for (Load job : loads.subList(1, loads.size())) {
            Gauge.Reading other = job.gauge();
            sum = new Gauge.Reading(
                    sum.acknowledged() + other.acknowledged(),
                    sum.failed() + other.failed(),
                    sum.unknown() + other.unknown(),
                    sum.inFlight() + other.inFlight(),
                    sum.endedPerSecond() + other.endedPerSecond(),
                    sum.latenessMillisP50(),
                    sum.latenessMillisP99());
        }
        return sum;
    }

    /** Ends the arrivals of all, then waits for one after the other, each as long as the drain. */
    @Override
    public long stop(Duration drain) throws InterruptedException {
        for (Load load : loads) {
            load.endArrivals();
        }
        long arrivals = 0;
        for (Load load : loads) {
            arrivals += load.stop(drain);
        }
        return arrivals;
    }
}
