package org.pgrehearse.scenarios.workload;

import java.time.Duration;

/**
 * How the sentinel probes.
 *
 * @param interval between two intended probes of one kind: the resolution of every downtime
 * @param deadline lateness after which a probe is judged late and its slot is freed, while it goes on
 * @param patience how long a probe waits at the gate and for a connection before it fails unsent
 * @param freshEvery every so many probes one opens a connection of its own; 0 for none
 * @param slotsReserve connections of each kind beyond those that one deadline needs
 */
public record ProbePlan(Duration interval, Duration deadline, Duration patience, int freshEvery, int slotsReserve) {
    private static final Duration INTERVAL = Duration.ofMillis(10);
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int FRESH_EVERY = 10;
    private static final int SLOTS_RESERVE = 6;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(1);

    /** Connections of one kind that seem stuck, waited for beside the slots. */
    static final int DETACHED_MAX = 8;
    /** Connections that probes of one kind open for themselves at the same time; beyond it a probe uses a warm one. */
    static final int FRESH_MAX = 8;

    public ProbePlan {
        if (interval.compareTo(INTERVAL_MIN) < 0
                || deadline.compareTo(interval) < 0
                || patience.compareTo(deadline) < 0
                || freshEvery < 0
                || slotsReserve < 0) {
            throw new IllegalArgumentException("Cannot probe every " + interval + " with the deadline " + deadline
                    + " and the patience " + patience + ": they must rise, from 1 ms on.");
        }
    }

    /** Every 10 ms, late after 500 ms, every tenth on a connection of its own. */
    public static ProbePlan usual() {
        return new ProbePlan(INTERVAL, DEADLINE, PATIENCE, FRESH_EVERY, SLOTS_RESERVE);
    }

    /** Warm connections of one kind: enough that a probe finds one free while all those before it wait. */
    public int slots() {
        return Math.toIntExact(Math.ceilDiv(deadline.toNanos(), interval.toNanos())) + slotsReserve;
    }

    /** The most connections the sentinel ever holds; the servers must allow for them. */
    public int connectionsMax() {
        return 2 * (slots() + DETACHED_MAX + FRESH_MAX);
    }
}
