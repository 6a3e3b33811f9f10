package org.pgrehearse.scenarios.fault;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;

/** One fault of a scenario, from waiting to healed, on all of its places together. Guarded by its own lock. */
final class ScheduledFault {
    private final FaultSpec spec;
    private final Injection injection;
    private final Recorder recorder;
    private final List<Healing> healings = new CopyOnWriteArrayList<>();
    private State state = State.WAITING;
    private boolean bit;

    private enum State {
        WAITING,
        IN_PLACE,
        OVER
    }

    ScheduledFault(FaultSpec spec, Injection injection, Recorder recorder) {
        this.spec = spec;
        this.injection = injection;
        this.recorder = recorder;
    }

    FaultSpec spec() {
        return spec;
    }

    synchronized boolean inPlace() {
        return state == State.IN_PLACE;
    }

    /** Puts it in place everywhere, once; what cannot be put in place is recorded as trouble. */
    synchronized void inject() {
        if (state != State.WAITING) {
            return;
        }
        state = State.IN_PLACE;
        String places = String.join(", ", spec.places());
        String arguments = spec.arguments().values().entrySet().stream()
                .map(argument -> argument.getKey() + " " + argument.getValue())
                .collect(Collectors.joining(", "));
        recorder.record(new Event.FaultAsked(recorder.nowNanos(), spec.name(), spec.fault(), places, arguments));
        everywhere(spec.places(), this::injectAt);
        look();
    }

    private void injectAt(String place) {
        try {
            healings.add(injection.inject(FaultWords.fault(spec.fault(), spec.arguments(), place)));
        } catch (CannotInject e) {
            recorder.record(
                    new Event.Trouble(recorder.nowNanos(), "fault " + spec.name(), String.valueOf(e.getMessage())));
        }
    }

    /** When it was first asked for, on the run's clock; empty while it is nowhere in place. */
    OptionalLong askedNanos() {
        return healings.stream()
                .mapToLong(healing -> healing.asked().requestNanos())
                .min();
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

    /** Looks whether it has bitten by now. */
    synchronized void look() {
        if (bit || healings.size() < spec.places().size()) {
            return;
        }
        List<Optional<Bite>> bites = healings.stream().map(Healing::bite).toList();
        if (bites.stream().allMatch(Optional::isPresent)) {
            bit = true;
            List<Bite> seen = bites.stream().map(Optional::orElseThrow).toList();
            long atNanos = seen.stream().mapToLong(Bite::atNanos).max().orElseThrow();
            String evidence = seen.stream().map(Bite::evidence).distinct().collect(Collectors.joining("; "));
            recorder.record(new Event.FaultBit(atNanos, spec.name(), evidence));
        }
    }

    /** Heals it everywhere; does nothing when it is not in place. */
    synchronized void heal() {
        if (state != State.IN_PLACE) {
            return;
        }
        look();
        state = State.OVER;
        List<String> problems = new CopyOnWriteArrayList<>();
        everywhere(healings, healing -> {
            try {
                healing.close();
            } catch (CannotHeal e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        });
        look();
        recorder.record(new Event.FaultHealed(
                recorder.nowNanos(), spec.name(), problems.isEmpty(), String.join("; ", problems)));
    }

    /** Gives it up before it was put in place: its step was over too soon, or never came. */
    synchronized void giveUp(String reason) {
        if (state == State.WAITING) {
            state = State.OVER;
            recorder.record(new Event.FaultAsked(
                    recorder.nowNanos(), spec.name(), spec.fault(), String.join(", ", spec.places()), reason));
            recorder.record(new Event.FaultHealed(recorder.nowNanos(), spec.name(), true, reason));
        }
    }
}
