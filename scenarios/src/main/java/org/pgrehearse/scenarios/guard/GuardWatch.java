package org.pgrehearse.scenarios.guard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.GuardSpec;

/**
 * Watches the guards of a scenario while its runbook runs, and stops the runbook when one of them no longer holds. It
 * hears of every event; {@link #hear} is for many threads.
 */
public final class GuardWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int GOOD_IN_A_ROW = 20;

    private final List<GuardSpec> guards;
    private final Recorder recorder;
    private final DoubleSupplier lagBytes;
    private final DoubleSupplier lagSeconds;
    private final LockWaits locks;
    private final ProbeWindow probes = new ProbeWindow(WINDOW_NANOS);
    private final ErrorWindow errors = new ErrorWindow(WINDOW_NANOS);
    private final boolean needsLocks;
    private volatile String phase = "";
    private volatile @Nullable GuardSpec fired;
    private volatile boolean stopped;
    private @Nullable Thread watcher;

    /** Takes the guards and where their readings come from; lag is NaN while it is not known. */
    public GuardWatch(
            List<GuardSpec> guards,
            Recorder recorder,
            DoubleSupplier lagBytes,
            DoubleSupplier lagSeconds,
            List<Server> servers) {
        this.guards = List.copyOf(guards);
        this.recorder = recorder;
        this.lagBytes = lagBytes;
        this.lagSeconds = lagSeconds;
        this.locks = new LockWaits(servers);
        this.needsLocks = guards.stream().anyMatch(guard -> guard.kind() == GuardSpec.Kind.LOCK_WAIT);
    }

    /** Takes in what happened. */
    public void hear(Event event) {
        if (event instanceof Event.Probe probe) {
            probes.add(probe);
            if (probe.write()) {
                errors.add(probe.endedNanos(), probe.outcome());
            }
        } else if (event instanceof Event.Operation operation && operation.write()) {
            errors.add(operation.endedNanos(), operation.outcome());
        } else if (event instanceof Event.SentinelPlan plan) {
            probes.plan(plan);
        } else if (event instanceof Event.PhaseStarted started) {
            phase = started.name();
        }
    }

    /**
     * Begins to watch.
     *
     * @param stop ends the runbook for this reason; false when it is too late for that
     */
    public void start(Predicate<String> stop) {
        if (!guards.isEmpty()) {
            watcher = Thread.ofVirtual().name("guards").start(() -> watch(stop));
        }
    }

    private void watch(Predicate<String> stop) {
        try {
            while (!stopped) {
                double lockWait = needsLocks ? locks.longestSeconds() : 0;
                for (GuardSpec guard : guards) {
                    double reading = reading(guard, lockWait);
                    if (concerns(guard) && reading >= guard.limit()) {
                        fire(guard, reading, stop);
                        return;
                    }
                }
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean concerns(GuardSpec guard) {
        return guard.phase().isEmpty() || guard.phase().equals(phase);
    }

    private double reading(GuardSpec guard, double lockWait) {
        long now = recorder.nowNanos();
        return switch (guard.kind()) {
            case WRITE_ERROR_RATE -> errors.share(now);
            case WRITE_P99 -> probes.highSeconds(now);
            case REPLICATION_LAG -> guard.isInBytes() ? lagBytes.getAsDouble() : lagSeconds.getAsDouble();
            case LOCK_WAIT -> lockWait;
            case WRITE_DOWNTIME -> probes.downtimeSeconds(now);
        };
    }

    private void fire(GuardSpec guard, double reading, Predicate<String> stop) {
        String seen = guard.describe(reading);
        fired = guard;
        if (stop.test("Guard " + guard.text() + " stopped the runbook: " + seen)) {
            recorder.record(new Event.GuardFired(recorder.nowNanos(), guard.text(), seen));
        } else {
            fired = null;
        }
    }

    /** The guard that stopped the runbook. */
    public Optional<GuardSpec> fired() {
        return Optional.ofNullable(fired);
    }

    /**
     * Records that the source acknowledges writes again, after a guard sent the runbook back, or that it does not.
     *
     * @param patience how long to wait for that
     * @param checkpoint called at every turn of the wait
     */
    public void awaitService(Duration patience, Checkpoint checkpoint) throws InterruptedException {
        probes.restart();
        long start = System.nanoTime();
        while (probes.goodInARow() < GOOD_IN_A_ROW) {
            checkpoint.pass();
            if (System.nanoTime() - start > patience.toNanos()) {
                recorder.record(new Event.Trouble(
                        recorder.nowNanos(),
                        "guard",
                        "service did not return: after the way back, the source did not acknowledge " + GOOD_IN_A_ROW
                                + " probes in a row within " + patience.toSeconds() + " s"));
                return;
            }
            TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        }
        recorder.record(new Event.ServiceReturned(recorder.nowNanos(), Side.SOURCE, probes.goodSinceNanos()));
    }

    /** What a wait asks at every turn. */
    @FunctionalInterface
    public interface Checkpoint {
        /** Returns when the wait may go on. */
        void pass() throws InterruptedException;
    }

    /** Ends watching; a guard that fires now stops nothing. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        Thread running = watcher;
        if (running != null) {
            running.interrupt();
            running.join(CLOSE_MAX);
        }
    }
}
