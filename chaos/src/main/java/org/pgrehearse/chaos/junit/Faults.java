package org.pgrehearse.chaos.junit;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.schedule.Course;
import org.pgrehearse.chaos.schedule.FaultPlan;
import org.pgrehearse.chaos.schedule.FaultRun;
import org.pgrehearse.chaos.schedule.PlannedFault;
import org.pgrehearse.chaos.schedule.Signals;

/** The faults of one test. Safe for use by many threads. */
public final class Faults {
    private static final Duration BITE_MAX = Duration.ofMillis(200);

    private final FaultControl control;
    private final Map<String, ProxyState> proxies;
    private final long seed;
    private final Signals signals = new Signals();
    private final List<Healing> injected = new CopyOnWriteArrayList<>();
    private final List<FaultRun> runs = new CopyOnWriteArrayList<>();
    private final List<String> doubts = new CopyOnWriteArrayList<>();

    Faults(FaultControl control, Map<String, ProxyState> proxies, long seed) {
        this.control = control;
        this.proxies = proxies;
        this.seed = seed;
    }

    /** Injects a fault. It is healed when it is closed, or else after the test; if it never bites, the test fails. */
    public Healing inject(Fault fault) throws CannotInject {
        Healing healing = control.inject(fault);
        injected.add(healing);
        return healing;
    }

    /** Starts a plan of faults with this test's seed; each of its faults must come, bite and heal. */
    public FaultRun start(PlannedFault... faults) {
        FaultRun run =
                new FaultPlan(seed, List.of(faults)).start(control::inject, signals, new Doubts(), System::nanoTime);
        runs.add(run);
        return run;
    }

    /** What planned faults wait for: the test counts and marks here what it does. */
    public Signals signals() {
        return signals;
    }

    /** Where clients reach the proxy of this name. */
    public InetSocketAddress address(String proxy) {
        ProxyState state = proxies.get(proxy);
        if (state == null) {
            throw new IllegalArgumentException("there is no proxy \"" + proxy + "\"; known: "
                    + proxies.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return state.listenAddress();
    }

    /** The control, for what a test does beyond injecting. */
    public FaultControl control() {
        return control;
    }

    /** What decides everything that is drawn. */
    public long seed() {
        return seed;
    }

    /**
     * Heals everything, and fails when something never bit or is still there.
     *
     * @param failure of the test, which then gets what is found here as suppressed
     */
    void end(@Nullable Throwable failure) throws CannotHeal, InterruptedException {
        List<CannotHeal> unhealed = new ArrayList<>();
        runs.reversed().forEach(FaultRun::close);
        for (Healing healing : injected.reversed()) {
            // Evidence of the last moment may still be on its way.
            if (healing.healed().isEmpty() && failure == null) {
                healing.awaitBite(BITE_MAX);
            }
            try {
                healing.close();
            } catch (CannotHeal e) {
                unhealed.add(e);
            }
            if (healing.bite().isEmpty()) {
                doubts.add(healing.fault() + " never bit");
            }
        }
        try {
            control.assertNoFaultRemains();
        } catch (CannotHeal e) {
            unhealed.add(e);
        }
        if (failure != null) {
            unhealed.forEach(failure::addSuppressed);
            return;
        }
        if (!unhealed.isEmpty()) {
            CannotHeal first = unhealed.getFirst();
            unhealed.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        if (!doubts.isEmpty()) {
            throw new AssertionError("Cannot conclude anything from this test: " + String.join("; ", doubts)
                    + ". Give the fault something to break. Seed " + seed + " (-D" + FaultExtension.SEED_PROPERTY + "="
                    + seed + ").");
        }
    }

    /** Keeps what makes a test that passed worthless. */
    private final class Doubts implements Course {
        private final List<PlannedFault> pending = new CopyOnWriteArrayList<>();

        @Override
        public void asked(PlannedFault fault) {
            pending.add(fault);
        }

        @Override
        public void placed(PlannedFault fault, List<Asked> intervals) {}

        @Override
        public void bit(PlannedFault fault, List<Bite> bites) {
            pending.remove(fault);
        }

        @Override
        public void healed(PlannedFault fault, List<Asked> intervals, List<String> problems, List<String> damage) {
            problems.forEach(problem -> doubts.add(fault.name() + ": " + problem));
            if (pending.remove(fault)) {
                doubts.add("fault \"" + fault.name() + "\" never bit");
            }
        }

        @Override
        public void gaveUp(PlannedFault fault, String reason) {
            doubts.add("fault \"" + fault.name() + "\" was " + reason);
        }

        @Override
        public void trouble(PlannedFault fault, String message) {
            doubts.add("fault \"" + fault.name() + "\": " + message);
        }
    }
}
