package org.pgrehearse.reports.anomaly;

import java.util.List;

/**
 * Keys that went two ways after a switch: both sides acknowledged writes of the same key that began after authority had
 * moved. The client's one clock suffices; the servers' clocks are never asked. Immutable.
 *
 * @param writes acknowledged writes of recorded keys that began after a switch; 0 means that nothing could fork
 * @param keys how many keys forked
 * @param oldSideWrites acknowledged writes of those keys on the side that authority had left
 * @param newSideWrites acknowledged writes of those keys on the side that it had moved to
 * @param cases the first keys, at most {@value #CASES_MAX}
 */
public record Forks(long writes, long keys, long oldSideWrites, long newSideWrites, List<Anomalies.Case> cases) {
    /** No more keys are told; all are counted. */
    public static final int CASES_MAX = 20;

    public Forks {
        cases = List.copyOf(cases);
    }

    /** What a run without recorded keys, or without a switch, reveals. */
    public static Forks none() {
        return new Forks(0, 0, 0, 0, List.of());
    }
}
