package org.pgrehearse.chaos.schedule;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;

/**
 * One coming of a planned fault, from waiting to over, on all of its places together. Who moves it on claims that
 * first, so that nothing is done twice; its own lock keeps looks and healing apart.
 */
final class Occurrence {
    private final PlannedFault fault;
    private final int number;
    private final Injector injector;
    private final Course course;
    private final List<Healing> healings = new CopyOnWriteArrayList<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Signals.State beginning = Signals.State.BEGINNING;
    private volatile boolean come;
    private boolean bit;

    enum State {
        WAITING,
        TIMED,
        COMING,
        IN_PLACE,
        GOING,
        OVER
    }

    Occurrence(PlannedFault fault, int number, Injector injector, Course course) {
        this.fault = fault;
        this.number = number;
        this.injector = injector;
        this.course = course;
    }

    PlannedFault fault() {
        return fault;
    }

    /** Which coming it is, from 0. */
    int number() {
        return number;
    }

    State state() {
        return state.get();
    }

    /** How the signals were when it came. */
    Signals.State beginning() {
        return beginning;
    }

    /** Whether it has ever been in place. */
    boolean hasCome() {
        return come;
    }

    /** Whether the caller is the one who moves it on. */
    boolean claim(State from, State to) {
        return state.compareAndSet(from, to);
    }

    /** Puts it in place everywhere; the caller has claimed that. */
    synchronized void come(Signals.State now) {
        beginning = now;
        course.asked(fault);
        everywhere(fault.faults(), this::injectOne);
        come = true;
        state.set(State.IN_PLACE);
        course.placed(fault, healings.stream().map(Healing::asked).toList());
        look();
    }

    private void injectOne(Fault one) {
        try {
            healings.add(injector.inject(one));
        } catch (CannotInject e) {
            course.trouble(fault, String.valueOf(e.getMessage()));
        }
    }

    /** When it was first asked for; this instant when it is nowhere in place. */
    long askedNanos(long now) {
        return healings.stream()
                .mapToLong(healing -> healing.asked().requestNanos())
                .min()
                .orElse(now);
    }

    /** All places at the same time, so that a fault on several of them is one fault. */
    private static <T> void everywhere(Collection<T> places, Consumer<T> action) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<?> done : places.stream()
                    .map(place -> threads.submit(() -> action.accept(place)))
                    .toList()) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fault came or went with an error of our own", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the places are done: closing the threads waited for them
        }
    }

    /** Whether the caller may look now: nobody else does, and there is something to see. */
    boolean startLook() {
        return state.get() == State.IN_PLACE && looking.compareAndSet(false, true);
    }

    void endLook() {
        looking.set(false);
    }

    /** Looks whether it has bitten everywhere by now. */
    synchronized void look() {
        if (bit || healings.size() < fault.faults().size()) {
            return;
        }
        List<Optional<Bite>> bites = healings.stream().map(Healing::bite).toList();
        if (bites.stream().allMatch(Optional::isPresent)) {
            bit = true;
            course.bit(fault, bites.stream().map(Optional::orElseThrow).toList());
        }
    }

    /** Heals it everywhere; the caller has claimed that. */
    synchronized void go() {
        look();
        List<String> problems = new CopyOnWriteArrayList<>();
        everywhere(healings, healing -> {
            try {
                healing.close();
            } catch (CannotHeal e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        });
        look();
        List<Asked> intervals =
                healings.stream().map(Healing::healed).flatMap(Optional::stream).toList();
        List<String> damage =
                healings.stream().map(Healing::damage).flatMap(Optional::stream).toList();
        course.healed(fault, intervals, List.copyOf(problems), damage);
        state.set(State.OVER);
    }

    /** Gives it up before it came; the caller has claimed that. */
    synchronized void giveUp(String reason) {
        course.gaveUp(fault, reason);
    }
}
