package org.pgrehearse.chaos.schedule;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.Fault;

/**
 * A fault and when it is there. Several faults under one name come and go together, as one on several places does.
 *
 * @param name in reports, unique in a plan
 * @param start what it waits for
 * @param after how long after that it comes
 * @param window how much later still, at most, drawn from the seed
 * @param lasts how long it stays; null when {@code until} or the end of the run decides
 * @param until what ends it, from when it is in place; null when {@code lasts} or the end of the run decides
 * @param unless what makes it pointless while it waits; null when nothing does
 * @param times how often it comes
 * @param every from one coming to the next
 */
public record PlannedFault(
        String name,
        List<Fault> faults,
        When start,
        Duration after,
        Duration window,
        @Nullable Duration lasts,
        @Nullable When until,
        @Nullable When unless,
        int times,
        Duration every) {
    /** More would be a load, not a fault. */
    public static final int TIMES_MAX = 1000;

    public PlannedFault {
        faults = List.copyOf(faults);
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("a planned fault needs a fault");
        }
        if (after.isNegative() || window.isNegative() || (lasts != null && lasts.isNegative())) {
            throw new IllegalArgumentException("a time cannot be negative in fault \"" + name + "\"");
        }
        if (lasts != null && until != null) {
            throw new IllegalArgumentException("fault \"" + name + "\" lasts a time or until an event, not both");
        }
        if (times < 1 || times > TIMES_MAX) {
            throw new IllegalArgumentException("fault \"" + name + "\" comes from 1 to " + TIMES_MAX + " times");
        }
        if (times > 1 && (lasts == null || lasts.compareTo(every) >= 0)) {
            throw new IllegalArgumentException(
                    "fault \"" + name + "\" comes again, so it needs a length shorter than its interval");
        }
    }

    /** A fault that comes at once and stays to the end of the run. */
    public static PlannedFault of(String name, Fault... faults) {
        return new PlannedFault(
                name, List.of(faults), When.now(), Duration.ZERO, Duration.ZERO, null, null, null, 1, Duration.ZERO);
    }

    /** The same, once this is so. */
    public PlannedFault when(When condition) {
        return new PlannedFault(name, faults, condition, after, window, lasts, until, unless, times, every);
    }

    /** The same, so much later. */
    public PlannedFault after(Duration delay) {
        return new PlannedFault(name, faults, start, delay, window, lasts, until, unless, times, every);
    }

    /** The same, later by a time that the seed draws below this. */
    public PlannedFault within(Duration atMost) {
        return new PlannedFault(name, faults, start, after, atMost, lasts, until, unless, times, every);
    }

    /** The same, for so long. */
    public PlannedFault lasting(Duration length) {
        return new PlannedFault(name, faults, start, after, window, length, null, unless, times, every);
    }

    /** The same, until this is so. */
    public PlannedFault until(When condition) {
        return new PlannedFault(name, faults, start, after, window, null, condition, unless, times, every);
    }

    /** The same, given up when this is so before it came. */
    public PlannedFault unless(When condition) {
        return new PlannedFault(name, faults, start, after, window, lasts, until, condition, times, every);
    }

    /** The same, so often; give its length first. */
    public PlannedFault times(int count, Duration interval) {
        return new PlannedFault(name, faults, start, after, window, lasts, until, unless, count, interval);
    }

    /** Where it happens, for reports. */
    public String places() {
        return faults.stream().map(Fault::place).collect(Collectors.joining(", "));
    }
}
