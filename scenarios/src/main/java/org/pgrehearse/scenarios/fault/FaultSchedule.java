package org.pgrehearse.scenarios.fault;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.schedule.FaultPlan;
import org.pgrehearse.chaos.schedule.FaultRun;
import org.pgrehearse.chaos.schedule.Injector;
import org.pgrehearse.chaos.schedule.PlannedFault;
import org.pgrehearse.chaos.schedule.Signals;
import org.pgrehearse.chaos.schedule.When;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.migration.Runbook;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Scenario.Timing;

/**
 * Lets the faults of a scenario come and go, by time, by the runbook, and by what the run's instruments read. Closing
 * it heals everything that is still in place; nothing comes after that. Safe for use by many threads.
 */
public final class FaultSchedule implements Runbook.Watcher, AutoCloseable {
    private static final String WARM_UP = "warm-up";

    private final FaultPlan plan;
    private final Injector injector;
    private final Recorder recorder;
    private final FaultJournal journal;
    private final Signals signals = new Signals();
    private volatile String phase = WARM_UP;
    private volatile @Nullable FaultRun run;

    /**
     * A schedule that has not begun.
     *
     * @param seed draws the times of faults that come within a window
     */
    public FaultSchedule(List<FaultSpec> specs, long seed, Injector injector, Recorder recorder) {
        this.plan =
                new FaultPlan(seed, specs.stream().map(FaultSchedule::planned).toList());
        this.injector = injector;
        this.recorder = recorder;
        this.journal = new FaultJournal(specs, recorder);
    }

    private static PlannedFault planned(FaultSpec spec) {
        List<Fault> faults = spec.places().stream()
                .map(place -> FaultWords.fault(spec.fault(), spec.arguments(), place))
                .toList();
        Timing timing = spec.timing();
        String during = timing.during();
        return new PlannedFault(
                spec.name(),
                faults,
                during == null
                        ? Occasions.when(timing.when()).orElse(When.now())
                        : When.happened(Occasions.step(during)),
                timing.after(),
                timing.window(),
                timing.lasts(),
                Occasions.when(timing.until()).orElse(null),
                during == null ? null : When.happened(Occasions.end(Occasions.step(during))),
                timing.times(),
                timing.every());
    }

    /** What the run's instruments read, so that faults can wait for it; NaN where they do not know. */
    public record Readings(
            DoubleSupplier lagBytes,
            DoubleSupplier lagSeconds,
            DoubleSupplier copied,
            DoubleSupplier walBytes,
            DoubleSupplier lsn) {}

    /** Takes the readings from here. */
    public void read(Readings readings) {
        signals.read(Occasions.LAG_BYTES, readings.lagBytes());
        signals.read(Occasions.LAG_SECONDS, readings.lagSeconds());
        signals.read(Occasions.COPIED, readings.copied());
        signals.read(Occasions.WAL_BYTES, readings.walBytes());
        signals.read(Occasions.LSN, readings.lsn());
    }

    /** Begins: faults that wait for nothing count their time from now. */
    public void start() {
        run = plan.start(injector, signals, journal, recorder::nowNanos);
        signals.mark(Occasions.phase(WARM_UP));
    }

    /** Says that a commit of the load was acknowledged; cheap. */
    public void acknowledged() {
        signals.count(Occasions.COMMITS);
    }

    /** Names of the faults in place now. */
    public List<String> inPlace() {
        return Optional.ofNullable(run).map(FaultRun::inPlace).orElse(List.of());
    }

    /** Whether a fault may have taken this server down. */
    public boolean excuses(String server) {
        return Optional.ofNullable(run).map(begun -> begun.excuses(server)).orElse(false);
    }

    @Override
    public void phase(String name) {
        signals.mark(Occasions.end(Occasions.phase(phase)));
        phase = name;
        signals.mark(Occasions.phase(name));
    }

    @Override
    public void before(String step) {
        signals.mark(Occasions.step(step));
    }

    @Override
    public void after(String step) {
        signals.mark(Occasions.end(Occasions.step(step)));
    }

    /** Heals everything, and returns when that is done. */
    @Override
    public void close() {
        FaultRun begun = run;
        if (begun == null) {
            plan.faults().forEach(fault -> journal.gaveUp(fault, "never put in place: the run ended before it began"));
            return;
        }
        begun.close();
    }
}
