package org.pgrehearse.chaos.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.schedule.Occurrence.State;

/**
 * A plan that is under way. Closing it heals everything that is still in place; nothing comes after that. Each coming
 * and going has a thread of its own, so that a slow fault delays no other. Safe for use by many threads.
 */
public final class FaultRun implements AutoCloseable {
    private static final long LOOK_MILLIS = 25;
    private static final Duration CLOSE_MAX = Duration.ofMinutes(2);

    private final FaultPlan plan;
    private final Signals signals;
    private final LongSupplier nanos;
    private final Course course;
    private final List<Occurrence> occurrences;
    private final List<Future<?>> work = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("faults").daemon().factory());
    private volatile Signals.State origin = Signals.State.BEGINNING;
    private final Signals.Listener listener = new Signals.Listener() {
        @Override
        public void marked() {
            await(moveOn());
        }

        @Override
        public void reached() {
            if (!clock.isShutdown()) {
                clock.execute(FaultRun.this::moveOn);
            }
        }
    };

    FaultRun(FaultPlan plan, Injector injector, Signals signals, Course course, LongSupplier nanos) {
        this.plan = plan;
        this.signals = signals;
        this.nanos = nanos;
        this.course = course;
        this.occurrences = plan.faults().stream()
                .flatMap(fault -> IntStream.range(0, fault.times())
                        .mapToObj(number -> new Occurrence(fault, number, injector, course)))
                .toList();
        this.clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void start() {
        origin = new Signals.State(Map.of(), signals.state().readings());
        signals.listen(listener);
        await(moveOn());
        work.add(clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Names of the faults in place now. */
    public List<String> inPlace() {
        return withState(State.IN_PLACE)
                .map(occurrence -> occurrence.fault().name())
                .distinct()
                .toList();
    }

    /** Whether a fault that comes, is in place or goes may have taken this server down. */
    public boolean excuses(String server) {
        return occurrences.stream()
                .filter(one ->
                        one.state() == State.COMING || one.state() == State.IN_PLACE || one.state() == State.GOING)
                .flatMap(one -> one.fault().faults().stream())
                .anyMatch(fault -> fault instanceof Fault.OnServer harm
                        && harm.takesServerDown()
                        && harm.server().equals(server));
    }

    private Stream<Occurrence> withState(State state) {
        return occurrences.stream().filter(occurrence -> occurrence.state() == state);
    }

    private void look() {
        moveOn();
        for (Occurrence occurrence : occurrences) {
            if (occurrence.startLook()) {
                work.add(threads.submit(() -> {
                    try {
                        occurrence.look();
                    } finally {
                        occurrence.endLook();
                    }
                }));
            }
        }
        work.removeIf(done -> done.isDone() && done.state() == Future.State.SUCCESS);
    }

    /** Lets everything go or come whose condition holds now; answers the work that this began. */
    private List<Future<?>> moveOn() {
        Signals.State now = signals.state();
        List<Future<?>> begun = new ArrayList<>();
        for (Occurrence one : occurrences) {
            When until = one.fault().until();
            if (until != null && one.state() == State.IN_PLACE && holds(until, now, one.beginning())) {
                heal(one).ifPresent(begun::add);
            }
        }
        for (Occurrence one : occurrences) {
            When unless = one.fault().unless();
            boolean waits = one.state() == State.WAITING || one.state() == State.TIMED;
            if (waits && unless != null && holds(unless, now, origin)) {
                giveUp(one, unless.text() + " before its time came");
            } else if (one.state() == State.WAITING
                    && holds(one.fault().start(), now, origin)
                    && one.claim(State.WAITING, State.TIMED)) {
                Duration delay = plan.delay(one.fault(), one.number());
                if (delay.isZero()) {
                    comeNow(one).ifPresent(begun::add);
                } else {
                    later(() -> comeNow(one), delay);
                }
            }
        }
        setAlarms(now);
        return begun;
    }

    /** Each counter wakes us at the next number that a fault waits for. */
    private void setAlarms(Signals.State now) {
        Map<String, Long> next = new HashMap<>();
        for (Occurrence one : occurrences) {
            When until = one.fault().until();
            if (one.state() == State.WAITING) {
                alarms(one.fault().start(), now, origin, next);
            } else if (one.state() == State.IN_PLACE && until != null) {
                alarms(until, now, one.beginning(), next);
            }
        }
        next.forEach(signals::alarm);
    }

    private static void alarms(When when, Signals.State now, Signals.State since, Map<String, Long> next) {
        switch (when) {
            case When.AtLeast(String reading, double limit) -> alarm(reading, limit, now, next);
            case When.Gained(String reading, double growth) ->
                alarm(reading, growth + zeroIfUnknown(since.reading(reading)), now, next);
            case When.All(List<When> conditions) -> conditions.forEach(one -> alarms(one, now, since, next));
            case When.Happened ignored -> {}
            case When.AtMost ignored -> {}
            case When.Begun ignored -> {}
            case When.Over ignored -> {}
        }
    }

    private static void alarm(String reading, double limit, Signals.State now, Map<String, Long> next) {
        if (!(now.reading(reading) >= limit)) {
            next.merge(reading, (long) Math.ceil(limit), Math::min);
        }
    }

    private boolean holds(When when, Signals.State now, Signals.State since) {
        return switch (when) {
            case When.Happened(String mark) -> now.marked(mark) > since.marked(mark);
            case When.AtLeast(String reading, double limit) -> now.reading(reading) >= limit;
            case When.AtMost(String reading, double limit) -> now.reading(reading) <= limit;
            case When.Gained(String reading, double growth) ->
                now.reading(reading) - zeroIfUnknown(since.reading(reading)) >= growth;
            case When.Begun(String fault) -> named(fault).anyMatch(Occurrence::hasCome);
            case When.Over(String fault) ->
                named(fault).allMatch(one -> one.state() == State.OVER)
                        && named(fault).anyMatch(Occurrence::hasCome);
            case When.All(List<When> conditions) -> conditions.stream().allMatch(one -> holds(one, now, since));
        };
    }

    private static double zeroIfUnknown(double reading) {
        return Double.isNaN(reading) ? 0 : reading;
    }

    private Stream<Occurrence> named(String fault) {
        return occurrences.stream().filter(one -> one.fault().name().equals(fault));
    }

    private Optional<Future<?>> comeNow(Occurrence one) {
        if (!one.claim(State.TIMED, State.COMING)) {
            return Optional.empty();
        }
        return Optional.of(run(() -> {
            one.come(signals.state());
            Duration lasts = one.fault().lasts();
            if (lasts != null) {
                // From one request to the other: what asking takes is then the same at both ends of the fault.
                long elapsed = nanos.getAsLong() - one.askedNanos(nanos.getAsLong());
                later(() -> heal(one), lasts.minusNanos(Math.max(0, elapsed)));
            }
            moveOnLater();
        }));
    }

    private Optional<Future<?>> heal(Occurrence one) {
        if (!one.claim(State.IN_PLACE, State.GOING)) {
            return Optional.empty();
        }
        return Optional.of(run(() -> {
            one.go();
            moveOnLater();
        }));
    }

    private void giveUp(Occurrence one, String reason) {
        if (one.claim(State.WAITING, State.OVER) || one.claim(State.TIMED, State.OVER)) {
            one.giveUp("never put in place: " + reason);
        }
    }

    private Future<?> run(Runnable task) {
        Future<?> begun = threads.submit(task);
        work.add(begun);
        return begun;
    }

    private void later(Supplier<?> task, Duration delay) {
        if (!clock.isShutdown()) {
            work.add(clock.schedule(task::get, delay.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void moveOnLater() {
        if (!clock.isShutdown()) {
            clock.execute(this::moveOn);
        }
    }

    /** What failed is kept, and told when the run is closed. */
    private static void await(List<Future<?>> begun) {
        for (Future<?> one : begun) {
            if (!hasEnded(one)) {
                return;
            }
        }
    }

    private static boolean hasEnded(Future<?> begun) {
        try {
            begun.get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | CancellationException told) {
            return true;
        }
    }

    /** Heals everything, also on an interrupted thread, and returns when that is done. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        signals.leave(listener);
        clock.shutdown();
        threads.shutdown();
        boolean ended = false;
        try {
            ended = clock.awaitTermination(CLOSE_MAX.toSeconds(), TimeUnit.SECONDS)
                    && threads.awaitTermination(CLOSE_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // A server that stands still or is gone first: what others left on it is healed through its sessions.
        boolean nobodyElseMoves = ended;
        occurrences.stream()
                .sorted(Comparator.comparing(FaultRun::holdsServer).reversed())
                .filter(one -> one.claim(State.IN_PLACE, State.GOING)
                        || (nobodyElseMoves && one.claim(State.COMING, State.GOING)))
                .forEach(Occurrence::go);
        for (Occurrence one : occurrences) {
            giveUp(one, one.fault().start().text() + " did not come");
        }
        tellTroubles(ended);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean holdsServer(Occurrence one) {
        return one.fault().faults().stream()
                .anyMatch(fault -> fault instanceof Fault.Pause
                        || (fault instanceof Fault.OnServer harm && harm.takesServerDown()));
    }

    private void tellTroubles(boolean ended) {
        if (occurrences.isEmpty()) {
            return;
        }
        PlannedFault first = occurrences.getFirst().fault();
        if (!ended) {
            course.trouble(first, "the faults did not come to rest within " + CLOSE_MAX.toSeconds() + " s");
        }
        for (Future<?> one : work) {
            if (one.state() == Future.State.FAILED) {
                course.trouble(first, String.valueOf(one.exceptionNow()));
            }
        }
        work.clear();
    }
}
