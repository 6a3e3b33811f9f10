package org.pgrehearse.chaos.schedule;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * The faults of one run and when they come, decided by a seed: the same plan with the same seed draws the same times.
 *
 * <pre>{@code
 * FaultPlan plan = new FaultPlan(42, List.of(
 *         PlannedFault.of("cut", new Fault.Reset("app")).within(ofSeconds(5)).lasting(ofMillis(200)),
 *         PlannedFault.of("stop", new Fault.Pause("target"))
 *                 .when(When.atLeast("commits", 500))
 *                 .until(When.gained("commits", 100))));
 * try (FaultRun run = plan.start(control::inject, signals, course, System::nanoTime)) {
 *     workload.run(() -> signals.count("commits"));
 * }
 * }</pre>
 */
public record FaultPlan(long seed, List<PlannedFault> faults) {
    private static final int MIX = 31;

    public FaultPlan {
        faults = List.copyOf(faults);
        Set<String> names = new HashSet<>();
        for (PlannedFault fault : faults) {
            if (!names.add(fault.name())) {
                throw new IllegalArgumentException("two faults are named \"" + fault.name() + "\"");
            }
        }
    }

    /**
     * Starts it: what waits for nothing comes now.
     *
     * @param nanos the same monotonic clock that the injector's control uses
     */
    public FaultRun start(Injector injector, Signals signals, Course course, LongSupplier nanos) {
        FaultRun run = new FaultRun(this, injector, signals, course, nanos);
        run.start();
        return run;
    }

    /** How long after its condition the fault's coming of this number is due. */
    Duration delay(PlannedFault fault, int number) {
        long drawn = 0;
        if (!fault.window().isZero()) {
            SplittableRandom random =
                    new SplittableRandom((seed * MIX + fault.name().hashCode()) * MIX + number);
            drawn = random.nextLong(fault.window().toNanos());
        }
        return fault.after().plusNanos(drawn).plus(fault.every().multipliedBy(number));
    }
}
