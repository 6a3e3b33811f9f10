package org.pgrehearse.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.Probe.Answer;
import org.pgrehearse.chaos.network.Control;

/**
 * A fault on a proxy that counts nothing. A few connections of our own go through it while the fault is there: what
 * they meet is the evidence. Latency, blackholes and resets can be told from a healthy link in this way, the others
 * cannot.
 */
final class ProbedInjection implements Injection {
    private static final Duration HEALTHY_ANSWER_MAX = Duration.ofSeconds(2);
    private static final Duration SILENCE_MIN = Duration.ofMillis(200);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    private static final int SLOWER_THAN_HEALTHY = 10;
    private static final int PROBES_MAX = 100;

    private final ToxicInjection toxics;
    private final Fault.OnNetwork fault;
    private final Control control;
    private final AtomicBoolean healed = new AtomicBoolean();
    private final AtomicReference<Optional<String>> seen = new AtomicReference<>(Optional.empty());

    ProbedInjection(ToxicInjection toxics, Fault.OnNetwork fault, Control control) {
        this.toxics = toxics;
        this.fault = fault;
        this.control = control;
    }

    @Override
    public void inject() throws IOException {
        InetSocketAddress address = control.proxy(fault.proxy()).listenAddress();
        Answer healthy = Probe.ask(address, HEALTHY_ANSWER_MAX);
        toxics.inject();
        if (healthy instanceof Answer.Told(Duration after)) {
            Thread.ofVirtual().name("probe of " + fault.proxy()).start(() -> probe(address, after));
        }
    }

    private void probe(InetSocketAddress address, Duration healthy) {
        try {
            for (int i = 0; i < PROBES_MAX && !healed.get() && seen.get().isEmpty(); i++) {
                Optional<String> sign = sign(address, healthy);
                if (sign.isPresent() && !healed.get()) {
                    seen.set(sign);
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN_PROBES.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What shows that the proxy is not healthy, and in the way of this fault. */
    private Optional<String> sign(InetSocketAddress address, Duration healthy) {
        return switch (fault) {
            case Fault.Reset _reset ->
                Probe.ask(address, HEALTHY_ANSWER_MAX) instanceof Answer.Broken
                        ? Optional.of("a probe's connection was reset")
                        : Optional.empty();
            case Fault.Blackhole _hole -> {
                Duration patience = longer(SILENCE_MIN, healthy.multipliedBy(SLOWER_THAN_HEALTHY));
                yield Probe.ask(address, patience) instanceof Answer.Silence
                        ? Optional.of("a probe had no answer within " + patience.toMillis() + " ms")
                        : Optional.empty();
            }
            case Fault.Latency slow -> {
                Duration least = slow.latency().minus(slow.jitter());
                yield least.isPositive()
                                && Probe.ask(
                                                address,
                                                HEALTHY_ANSWER_MAX
                                                        .plus(slow.latency())
                                                        .plus(slow.jitter()))
                                        instanceof Answer.Told(Duration after)
                                && after.compareTo(least) >= 0
                                && after.compareTo(healthy.multipliedBy(2)) > 0
                        ? Optional.of("a probe's answer took " + after.toMillis() + " ms, and " + healthy.toMillis()
                                + " ms before")
                        : Optional.empty();
            }
            case Fault.Refuse _fault -> Optional.empty();
            case Fault.CutCommit _fault -> Optional.empty();
            case Fault.AtPoint _fault -> Optional.empty();
            case Fault.Bandwidth _fault -> Optional.empty();
            case Fault.LimitData _fault -> Optional.empty();
            case Fault.SlowClose _fault -> Optional.empty();
            case Fault.Slicer _fault -> Optional.empty();
        };
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public Optional<String> evidence() {
        return seen.get();
    }

    @Override
    public void heal() throws IOException {
        healed.set(true);
        toxics.heal();
    }
}
