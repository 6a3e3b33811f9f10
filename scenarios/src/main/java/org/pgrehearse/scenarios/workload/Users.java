package org.pgrehearse.scenarios.workload;

import java.time.Duration;

/** Whoever uses the databases during a rehearsal, and is recorded. */
public interface Users {
    /** What a reader who watches wants to know; for one thread at a time. */
    Gauge.Reading gauge();

    /**
     * Ends it and waits for what is under way; what has not ended after the drain is cut and recorded.
     *
     * @return how many operations were recorded
     */
    long stop(Duration drain) throws InterruptedException;
}
