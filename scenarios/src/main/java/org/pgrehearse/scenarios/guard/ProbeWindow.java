package org.pgrehearse.scenarios.guard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/**
 * The sentinel's write probes while they happen. Each probe has its place by the moment it was intended for, so one
 * that is stuck counts although nothing was recorded of it. Safe for use by many threads.
 */
final class ProbeWindow {
    /** Recording a probe takes a moment after its end. */
    private static final long RECORDING_MAX_NANOS = 200_000_000L;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double HIGH = 0.99;
    private static final int PROBES_MIN = 50;

    private final long lengthNanos;
    private Event.@Nullable SentinelPlan plan;
    private long[] places = {};
    private long[] latenessNanos = {};
    private Outcome[] outcomes = {};
    private long judged;
    private long bad;
    private long goodSinceNanos;
    private long goodInARow;

    /** Takes how far back the percentile looks. */
    ProbeWindow(long lengthNanos) {
        this.lengthNanos = lengthNanos;
    }

    synchronized void plan(Event.SentinelPlan started) {
        if (plan == null && started.stoppedNanos() < 0) {
            plan = started;
            long span = Math.max(lengthNanos, started.deadlineNanos() + RECORDING_MAX_NANOS);
            int size = Math.toIntExact(2 * span / started.intervalNanos() + 2);
            places = new long[size];
            Arrays.fill(places, -1);
            latenessNanos = new long[size];
            outcomes = new Outcome[size];
        }
    }

    synchronized void add(Event.Probe probe) {
        if (plan == null || !probe.write()) {
            return;
        }
        long place = place(probe.intendedNanos());
        int slot = slot(place);
        if (place >= 0 && place >= places[slot]) {
            places[slot] = place;
            latenessNanos[slot] = probe.endedNanos() - probe.intendedNanos();
            outcomes[slot] = probe.outcome();
        }
        boolean good = probe.outcome() == Outcome.ACKNOWLEDGED
                && probe.endedNanos() - probe.intendedNanos() <= plan.deadlineNanos()
                && probe.side() == Side.SOURCE;
        if (!good) {
            goodInARow = 0;
        } else if (goodInARow++ == 0) {
            goodSinceNanos = probe.intendedNanos();
        }
    }

    /** Forgets the good probes so far, for {@link #goodInARow}. */
    synchronized void restart() {
        goodInARow = 0;
    }

    /** Probes that the source acknowledged in time, one recorded after the other. */
    synchronized long goodInARow() {
        return goodInARow;
    }

    /** When the first of those was intended. */
    synchronized long goodSinceNanos() {
        return goodSinceNanos;
    }

    /** Seconds in which users could not write: probes without an acknowledgement in time, times their interval. */
    synchronized double downtimeSeconds(long nowNanos) {
        if (plan == null) {
            return Double.NaN;
        }
        long until = place(nowNanos - plan.deadlineNanos() - RECORDING_MAX_NANOS);
        judged = Math.max(
                judged, until - places.length + 1); // a reader that slept: what it missed is not held against it
        for (; judged < until; judged++) {
            int slot = slot(judged);
            boolean good = places[slot] == judged
                    && outcomes[slot] == Outcome.ACKNOWLEDGED
                    && latenessNanos[slot] <= plan.deadlineNanos();
            bad += good ? 0 : 1;
        }
        return bad * plan.intervalNanos() / NANOS_PER_SECOND;
    }

    /** Seconds within which 99 % of the last probes were answered; one under way counts by its age. NaN for too few. */
    synchronized double highSeconds(long nowNanos) {
        if (plan == null) {
            return Double.NaN;
        }
        long to = place(nowNanos);
        long from = Math.max(0, place(nowNanos - lengthNanos));
        int count = 0;
        long[] all = new long[Math.toIntExact(Math.max(0, to - from))];
        for (long place = from; place < to; place++) {
            int slot = slot(place);
            if (places[slot] != place) {
                all[count++] = nowNanos - plan.startedNanos() - place * plan.intervalNanos();
            } else if (outcomes[slot] == Outcome.ACKNOWLEDGED) {
                all[count++] = latenessNanos[slot];
            }
        }
        if (count < PROBES_MIN) {
            return Double.NaN;
        }
        Arrays.sort(all, 0, count);
        return all[(int) Math.min(count - 1L, (long) (count * HIGH))] / NANOS_PER_SECOND;
    }

    private long place(long intendedNanos) {
        return plan == null ? -1 : Math.floorDiv(intendedNanos - plan.startedNanos(), plan.intervalNanos());
    }

    private int slot(long place) {
        return (int) Math.floorMod(place, (long) places.length);
    }
}
