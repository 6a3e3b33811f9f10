package org.pgrehearse.scenarios.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An open-loop schedule whose rate changes with time. The number of arrivals up to a moment is the area under the
 * curve; operation {@code i} is due when that reaches {@code i}.
 */
public final class RateCurve implements Schedule {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double FLAT = 1e-12;

    private final long startNanos;
    private final List<Segment> segments;
    private final double periodSeconds;
    private final double perPeriod;
    private final boolean repeat;
    private final double lastRate;

    /**
     * A curve through points.
     *
     * @param points in the order of their times, the first at zero
     * @param ramps whether the rate changes evenly from each point to the next, rather than all at once
     * @param repeat whether the curve begins again at its last point, rather than going on at its last rate
     */
    public RateCurve(List<Point> points, boolean ramps, boolean repeat, long startNanos) {
        requireOrder(points, repeat);
        this.startNanos = startNanos;
        this.repeat = repeat;
        this.lastRate = points.getLast().perSecond();
        List<Segment> all = new ArrayList<>();
        double arrivals = 0;
        for (int i = 0; i + 1 < points.size(); i++) {
            double from = points.get(i).perSecond();
            double to = ramps ? points.get(i + 1).perSecond() : from;
            double begin = seconds(points.get(i).at());
            Segment segment = new Segment(begin, seconds(points.get(i + 1).at()) - begin, from, to, arrivals);
            arrivals += segment.arrivals();
            all.add(segment);
        }
        this.segments = List.copyOf(all);
        this.perPeriod = arrivals;
        this.periodSeconds = seconds(points.getLast().at());
    }

    private static void requireOrder(List<Point> points, boolean repeat) {
        if (points.isEmpty() || !points.getFirst().at().isZero()) {
            throw new IllegalArgumentException("Cannot draw a curve of rates: its first point must be at zero.");
        }
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).at().compareTo(points.get(i - 1).at()) <= 0) {
                throw new IllegalArgumentException("Cannot draw a curve of rates: its points must be in order.");
            }
        }
        if (points.stream().allMatch(point -> point.perSecond() == 0) || (repeat && points.size() < 2)) {
            throw new IllegalArgumentException(
                    "Cannot draw a curve of rates: one must be positive, and a curve that repeats has two points.");
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }

    @Override
    public long at(long index) {
        double left = index;
        double before = 0;
        if (repeat && perPeriod > 0) {
            double periods = Math.floor(left / perPeriod);
            left -= periods * perPeriod;
            before = periods * periodSeconds;
        }
        for (Segment segment : segments) {
            if (left < segment.arrivalsBefore() + segment.arrivals()) {
                return nanos(before + segment.secondsAt(left));
            }
        }
        if (lastRate == 0 || repeat) {
            return repeat ? nanos(before + periodSeconds) : NEVER;
        }
        return nanos(periodSeconds + (left - perPeriod) / lastRate);
    }

    private long nanos(double seconds) {
        return startNanos + Math.round(seconds * NANOS_PER_SECOND);
    }

    /** A rate from a time on. */
    public record Point(Duration at, double perSecond) {
        public Point {
            if (at.isNegative() || perSecond < 0) {
                throw new IllegalArgumentException("Cannot draw a curve through " + perSecond + "/s at " + at + ".");
            }
        }
    }

    private record Segment(double begin, double length, double from, double to, double arrivalsBefore) {
        double arrivals() {
            return (from + to) / 2 * length;
        }

        /** Solves {@code from * t + slope / 2 * t^2 = arrivals} in the form that is stable for small slopes. */
        double secondsAt(double index) {
            double arrivals = index - arrivalsBefore;
            double slope = (to - from) / length;
            if (Math.abs(slope) < FLAT) {
                return begin + arrivals / from;
            }
            double root = Math.sqrt(Math.max(0, from * from + 2 * slope * arrivals));
            return begin + (from + root == 0 ? 0 : 2 * arrivals / (from + root));
        }
    }
}
