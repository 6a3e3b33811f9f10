package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** Measures the downtime of one class of service. One instance measures once. */
final class DowntimeAnalysis {
    private static final List<Long> TOLERANCES_MILLIS = List.of(50L, 100L, 250L, 500L, 1000L, 5000L);
    private static final long NEVER = Downtime.NO_TOLERANCE_LIMIT;
    private static final int DIGITS = 3;

    private final Attempts attempts;
    private final Authority authority;
    private final BitSet lost;
    private final Service service;
    private final List<Slots> plans = new ArrayList<>();
    private final Histogram jitter = new Histogram(DIGITS);
    private final Map<String, Long> errors = new TreeMap<>();
    private final long tolerance;
    private final long interval;
    private final Tally warm = new Tally();
    private final Tally fresh = new Tally();
    private long spoiled;
    private long firstSpoiled = -1;
    private long lastSpoiled = -1;
    private long worstStart;
    private long probes;
    private long strays;
    private long stall;
    private long failed;
    private long unknown;
    private long wrongSide;
    private long lostProbes;
    private long late;

    DowntimeAnalysis(
            Attempts attempts, Authority authority, BitSet lost, List<Event.SentinelPlan> plans, Service service) {
        this.attempts = attempts;
        this.authority = authority;
        this.lost = lost;
        this.service = service;
        long lastIntended = lastIntended();
        plans.forEach(plan -> this.plans.add(new Slots(plan, lastIntended)));
        interval = plans.isEmpty() ? 0 : plans.getFirst().intervalNanos();
        tolerance = plans.isEmpty() ? 0 : plans.getFirst().deadlineNanos();
    }

    Downtime measure() {
        for (int i = 0; i < attempts.size(); i++) {
            int number = i;
            if (attempts.probe(i) && attempts.write(i) == service.write) {
                if (service.counts(attempts.fresh(i))) {
                    take(i);
                } else {
                    plans.forEach(plan -> plan.skip(attempts.intended(number)));
                }
            }
        }
        Windows windows = new Windows();
        plans.forEach(plan -> plan.walk(windows, tolerance));
        List<Health> health = plans.stream().map(plan -> plan.health(tolerance)).toList();
        return new Downtime(
                probes,
                missing(),
                plans.isEmpty() ? interval : plans.getFirst().step(),
                tolerance,
                total(tolerance),
                windows.longest(),
                windows.count(),
                windows.kept(),
                curve(),
                new Downtime.Causes(failed, unknown, wrongSide, lostProbes, late, missing()),
                warm.result(),
                fresh.result(),
                jitterP99(),
                new Downtime.Standstill(spoiled, firstSpoiled, lastSpoiled, worstStart),
                stall,
                errors,
                doubt(),
                health.stream().mapToLong(Health::hardDown).sum(),
                health.stream().mapToLong(Health::degraded).sum(),
                recovery(windows.kept()));
    }

    private void take(int i) {
        probes++;
        jitter.recordValue(Math.max(0, attempts.started(i) - attempts.intended(i)));
        noteStandstill(i);
        long lateness = lateness(i);
        if (lateness == NEVER && !attempts.acknowledged(i)) {
            errors.merge(attempts.errorState(i), 1L, Long::sum);
        }
        (attempts.fresh(i) ? fresh : warm).add(attempts.intended(i), lateness > tolerance);
        for (Slots plan : plans) {
            if (plan.take(attempts.intended(i), lateness)) {
                return;
            }
        }
        strays++;
    }

    /** A probe starts before it asks for a connection, so that lateness of its start is never the servers'. */
    private void noteStandstill(int i) {
        long start = attempts.started(i) - attempts.intended(i);
        long answer = attempts.ended(i) - attempts.intended(i);
        boolean neverStarted = !attempts.acknowledged(i) && attempts.started(i) == attempts.ended(i);
        boolean decided = answer > tolerance && answer - start <= tolerance && start > jitterLimit();
        if (tolerance == 0 || neverStarted || (start <= tolerance && !decided)) {
            return;
        }
        spoiled++;
        worstStart = Math.max(worstStart, start);
        firstSpoiled = firstSpoiled < 0 ? attempts.intended(i) : Math.min(firstSpoiled, attempts.intended(i));
        lastSpoiled = Math.max(lastSpoiled, attempts.intended(i));
    }

    /** How late the good answer came, or never; counts the reason when it is not good. */
    private long lateness(int i) {
        if (attempts.outcome(i) == Outcome.FAILED) {
            failed++;
            return NEVER;
        }
        if (attempts.outcome(i) == Outcome.UNKNOWN) {
            unknown++;
            return NEVER;
        }
        long lateness = Math.max(0, attempts.ended(i) - attempts.intended(i));
        stall = Math.max(stall, lateness);
        Side side = attempts.side(i);
        if (side == null || (!service.anySide && side != authority.at(attempts.ended(i)))) {
            wrongSide++;
            return NEVER;
        }
        if (lost.get(i)) {
            lostProbes++;
            return NEVER;
        }
        late += lateness > tolerance ? 1 : 0;
        return lateness;
    }

    private long lastIntended() {
        long last = 0;
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.probe(i)) {
                last = Math.max(last, attempts.intended(i));
            }
        }
        return last;
    }

    private List<Downtime.AtTolerance> curve() {
        TreeSet<Long> tolerances = new TreeSet<>();
        TOLERANCES_MILLIS.forEach(millis -> tolerances.add(TimeUnit.MILLISECONDS.toNanos(millis)));
        tolerances.add(NEVER);
        if (tolerance > 0) {
            tolerances.add(tolerance);
        }
        return tolerances.stream()
                .map(each -> new Downtime.AtTolerance(each, total(each)))
                .toList();
    }

    private long total(long toleranceNanos) {
        return plans.stream().mapToLong(plan -> plan.downtime(toleranceNanos)).sum();
    }

    /** Only of one plan: the baseline of a sentinel says nothing about a later one. */
    private Downtime.Recovery recovery(List<Downtime.Window> windows) {
        return plans.size() == 1
                ? plans.getFirst().recovery(windows)
                : new Downtime.Recovery(
                        0, 0, windows.isEmpty(), windows.isEmpty() ? "" : "the sentinel ran more than once");
    }

    private long missing() {
        return plans.stream().mapToLong(Slots::missing).sum();
    }

    private long jitterP99() {
        return probes == 0 ? 0 : jitter.getValueAtPercentile(99);
    }

    private String doubt() {
        String name = service.probe;
        if (plans.isEmpty()) {
            return "no sentinel was planned, so nothing measured downtime";
        }
        if (probes == 0) {
            return "no " + name + " was recorded";
        }
        if (missing() > 0) {
            return Words.count(missing(), "intended " + name) + " never recorded: the sentinel itself failed";
        }
        if (strays > 0) {
            return Words.count(strays, name) + " recorded outside the sentinel's plan";
        }
        if (plans.stream().anyMatch(plan -> !plan.stopped())) {
            return "the sentinel never recorded that it stopped, so probes after the last one may be missing";
        }
        if (spoiled > 0) {
            return "the sentinel itself stood still: it started " + Words.count(spoiled, name) + " intended from "
                    + Words.duration(firstSpoiled) + " to " + Words.duration(lastSpoiled) + " late, by up to "
                    + Words.duration(worstStart);
        }
        long limit = jitterLimit();
        return jitterP99() <= limit
                ? ""
                : "the sentinel started its probes late (p99 " + Words.duration(jitterP99()) + ", limit "
                        + Words.duration(limit) + "): this machine was too busy to measure";
    }

    /** Beyond a tenth of the tolerance (or the interval, if longer) the instrument decides what is late. */
    private long jitterLimit() {
        return Math.max(interval, tolerance / Slots.JITTER_SHARE_OF_TOLERANCE);
    }

    /** How one kind of connection fared. */
    private static final class Tally {
        private long probes;
        private long notGood;
        private long lastNotGood = -1;

        void add(long intended, boolean bad) {
            probes++;
            if (bad) {
                notGood++;
                lastNotGood = Math.max(lastNotGood, intended);
            }
        }

        Downtime.Connections result() {
            return new Downtime.Connections(probes, notGood, lastNotGood);
        }
    }

    /** The intended probes of one plan, in order: how late the good answer to each came. */
    private static final class Slots {
        static final int JITTER_SHARE_OF_TOLERANCE = 10;
        private static final int INTENDED_MAX = 1 << 28;
        private static final long UNRECORDED = -1;
        private static final long SKIPPED = -2;

        private final Event.SentinelPlan plan;
        private final long end;
        private final long[] lateness;

        Slots(Event.SentinelPlan plan, long lastIntended) {
            this.plan = plan;
            this.end = plan.stoppedNanos() >= 0 ? plan.stoppedNanos() : lastIntended + 1;
            long intended = Math.ceilDiv(Math.max(0, end - plan.startedNanos()), plan.intervalNanos());
            lateness = new long[(int) Math.min(INTENDED_MAX, intended)];
            Arrays.fill(lateness, UNRECORDED);
        }

        boolean stopped() {
            return plan.stoppedNanos() >= 0;
        }

        /** Takes a probe in if it belongs here; the worse of two for the same slot counts. */
        boolean take(long intended, long late) {
            long slot = Math.floorDiv(intended - plan.startedNanos(), plan.intervalNanos());
            if (slot < 0 || slot >= lateness.length) {
                return false;
            }
            lateness[(int) slot] = Math.max(lateness[(int) slot], late);
            return true;
        }

        /** Notes that the probe of this slot belongs to another class. */
        void skip(long intended) {
            long slot = Math.floorDiv(intended - plan.startedNanos(), plan.intervalNanos());
            if (slot >= 0 && slot < lateness.length && lateness[(int) slot] == UNRECORDED) {
                lateness[(int) slot] = SKIPPED;
            }
        }

        /** Time from one probe of this class to the next, on average. */
        long step() {
            long skipped =
                    Arrays.stream(lateness).filter(late -> late == SKIPPED).count();
            return skipped == 0
                    ? plan.intervalNanos()
                    : plan.intervalNanos() * lateness.length / Math.max(1, lateness.length - skipped);
        }

        long missing() {
            return Arrays.stream(lateness).filter(late -> late == UNRECORDED).count();
        }

        long downtime(long tolerance) {
            return step()
                    * Arrays.stream(lateness)
                            .filter(late -> bad(late, tolerance))
                            .count();
        }

        void walk(Windows windows, long tolerance) {
            for (int i = 0; i < lateness.length; i++) {
                if (lateness[i] != SKIPPED) {
                    windows.next(intended(i), bad(lateness[i], tolerance));
                }
            }
            windows.end(end);
        }

        Health health(long tolerance) {
            Health health = new Health(plan.startedNanos(), end, step());
            for (int i = 0; i < lateness.length; i++) {
                if (lateness[i] != SKIPPED) {
                    health.next(intended(i), bad(lateness[i], tolerance));
                }
            }
            health.close();
            return health;
        }

        Downtime.Recovery recovery(List<Downtime.Window> windows) {
            int[] taken = IntStream.range(0, lateness.length)
                    .filter(slot -> lateness[slot] != SKIPPED)
                    .toArray();
            long[] times = Arrays.stream(taken).mapToLong(this::intended).toArray();
            long[] late = Arrays.stream(taken)
                    .mapToLong(slot -> lateness[slot] == UNRECORDED ? NEVER : lateness[slot])
                    .toArray();
            return new RecoveryAnalysis(times, late).after(windows);
        }

        private long intended(int slot) {
            return plan.startedNanos() + slot * plan.intervalNanos();
        }

        private static boolean bad(long late, long tolerance) {
            return late == UNRECORDED || late == NEVER || late > tolerance;
        }
    }
}
