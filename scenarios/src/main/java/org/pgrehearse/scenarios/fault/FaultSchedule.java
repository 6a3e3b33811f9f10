package org.pgrehearse.scenarios.fault;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.migration.Runbook;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;

/**
 * Lets the faults of a scenario come and go, by time and by the steps of the runbook. Closing it heals everything that
 * is still in place; nothing comes after that.
 */
public final class FaultSchedule implements Runbook.Watcher, AutoCloseable {
    private static final long LOOK_MILLIS = 25;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(60);

    private final Recorder recorder;
    private final List<ScheduledFault> faults;
    private final List<Future<?>> tasks = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("faults").daemon().factory());

    /** A schedule that has not begun. */
    public FaultSchedule(List<FaultSpec> specs, Injection injection, Recorder recorder) {
        this.recorder = recorder;
        this.faults = specs.stream()
                .map(spec -> new ScheduledFault(spec, injection, recorder))
                .toList();
        this.clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Begins: faults that name no step count their time from now. */
    public void start() {
        tasks.add(clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        faults.stream().filter(fault -> fault.spec().during() == null).forEach(this::begin);
    }

    /** Names of the faults in place now. */
    public List<String> inPlace() {
        return faults.stream()
                .filter(ScheduledFault::inPlace)
                .map(fault -> fault.spec().name())
                .toList();
    }

    @Override
    public void before(String step) {
        for (ScheduledFault fault : faults) {
            if (step.equals(fault.spec().until())) {
                fault.heal();
            }
            if (step.equals(fault.spec().during())) {
                begin(fault);
            }
        }
    }

    @Override
    public void after(String step) {
        for (ScheduledFault fault : faults) {
            if (step.equals(fault.spec().during())) {
                fault.giveUp("never put in place: the step \"" + step + "\" was over before its time came");
            }
        }
    }

    private void begin(ScheduledFault fault) {
        if (fault.spec().after().isZero()) {
            injectAndTimeHealing(fault);
        } else {
            later(() -> injectAndTimeHealing(fault), fault.spec().after());
        }
    }

    private void injectAndTimeHealing(ScheduledFault fault) {
        fault.inject();
        Duration lasts = fault.spec().lasts();
        if (lasts != null) {
            // From one request to the other: what asking takes is then the same at both ends of the fault.
            long elapsed = recorder.nowNanos() - fault.askedNanos().orElse(recorder.nowNanos());
            later(fault::heal, lasts.minusNanos(Math.max(0, elapsed)));
        }
    }

    private void later(Runnable task, Duration delay) {
        tasks.add(clock.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void look() {
        faults.stream().filter(ScheduledFault::inPlace).forEach(ScheduledFault::look);
    }

    /** Heals everything, and returns when that is done. */
    @Override
    public void close() throws InterruptedException {
        clock.shutdown();
        boolean ended = clock.awaitTermination(CLOSE_MAX.toSeconds(), TimeUnit.SECONDS);
        faults.forEach(ScheduledFault::heal);
        faults.forEach(fault -> fault.giveUp("never put in place: "
                + Objects.requireNonNullElse(fault.spec().during(), "its time") + " did not come"));
        if (!ended) {
            trouble("the clock of the faults did not stop within " + CLOSE_MAX.toSeconds() + " s");
        }
        for (Future<?> task : tasks) {
            if (task.state() == Future.State.FAILED) {
                trouble(String.valueOf(task.exceptionNow()));
            }
        }
        tasks.clear();
    }

    private void trouble(String message) {
        recorder.record(new Event.Trouble(recorder.nowNanos(), "faults", message));
    }
}
