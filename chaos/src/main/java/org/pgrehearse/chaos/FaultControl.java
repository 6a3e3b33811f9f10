package org.pgrehearse.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.harm.Traces;
import org.pgrehearse.chaos.network.Control;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.chaos.wire.WireWatch;

/** Injects faults and tells whether any remains. Safe for use by many threads. */
public final class FaultControl {
    private final Control control;
    private final @Nullable EffectsSource effects;
    private final Map<String, ServerControl> servers;
    private final Interception interception;
    private final Map<String, WireWatch> watches = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final AtomicLong number = new AtomicLong();

    private FaultControl(
            Control control,
            @Nullable EffectsSource effects,
            Interception interception,
            List<? extends ServerControl> servers,
            LongSupplier nanos) {
        this.control = control;
        this.effects = effects;
        this.interception = interception;
        this.servers = servers.stream().collect(Collectors.toUnmodifiableMap(ServerControl::name, Function.identity()));
        this.nanos = nanos;
    }

    /**
     * Faults on the proxies of the embedded fault proxy, whose counters show that they bite.
     *
     * @param servers those that may be harmed
     * @param nanos the caller's monotonic clock
     */
    public static FaultControl embedded(FaultProxy proxy, List<? extends ServerControl> servers, LongSupplier nanos) {
        return new FaultControl(new Control(proxy.apiAddress()), proxy::effects, proxy::intercept, servers, nanos);
    }

    /**
     * Faults on the proxies of a Toxiproxy elsewhere. It counts nothing: refusals, resets, blackholes and latency are
     * seen to bite by connections of our own, which need a server that speaks first or answers at once, as PostgreSQL
     * does; whoever injects other faults must see their effect on the load.
     */
    public static FaultControl remote(
            InetSocketAddress api, List<? extends ServerControl> servers, LongSupplier nanos) {
        Interception none = (proxy, interceptors) -> {
            throw new IOException("Cannot watch proxy \"" + proxy
                    + "\": a Toxiproxy elsewhere does not know PostgreSQL. Use the embedded fault proxy.");
        };
        return new FaultControl(new Control(api), null, none, servers, nanos);
    }

    /** The proxies, to create, lead elsewhere and remove them. */
    public Control proxies() {
        return control;
    }

    /**
     * Follows the protocol on a proxy's connections to come, so that {@link Fault.AtPoint} and {@link Fault.CutCommit}
     * can be injected. Call it before the application connects: earlier connections are not followed.
     */
    public void watch(String proxy) throws IOException {
        WireWatch watch = watches.getOrDefault(proxy, new WireWatch());
        interception.intercept(proxy, watch);
        watches.put(proxy, watch);
    }

    /** Injects a fault; when it returns, the proxy or the machine has confirmed it. */
    public Healing inject(Fault fault) throws CannotInject {
        return ActiveFault.inject(fault, injection(fault), nanos);
    }

    /**
     * What is not as it is without faults: closed proxies, toxics, servers that stand still or are gone, and whatever
     * else faults may have left.
     */
    public List<String> remainingFaults() throws IOException {
        List<String> remaining = new ArrayList<>();
        for (ProxyState proxy : control.proxies()) {
            for (String toxic : control.toxics(proxy.name())) {
                remaining.add("toxic " + toxic + " on proxy " + proxy.name());
            }
            if (!proxy.enabled()) {
                remaining.add("closed proxy " + proxy.name());
            } else if (!Probe.isAccepted(proxy.listenAddress())) {
                remaining.add("deaf proxy " + proxy.name());
            }
        }
        watches.forEach((proxy, watch) -> {
            if (watch.isArmed()) {
                remaining.add("orders at points of the protocol on proxy " + proxy);
            }
        });
        for (ServerControl server : servers.values()) {
            remaining.addAll(Traces.on(server));
        }
        remaining.addAll(Traces.onMachine());
        return remaining;
    }

    /**
     * Removes what faults of a process that was killed have left on the servers and on this machine, and answers what
     * that was: processes that stand still, prepared transactions, ballast, processes that press. Sessions, and with
     * them locks, end with their process. For a start; nobody else may be rehearsing with these servers meanwhile.
     */
    public List<String> removeLeftovers() throws IOException {
        List<String> removed = new ArrayList<>();
        for (ServerControl server : servers.values()) {
            removed.addAll(Traces.clear(server));
        }
        removed.addAll(Traces.clearMachine());
        return removed;
    }

    /** Fails when a fault remains, or when nobody can tell. */
    public void assertNoFaultRemains() throws CannotHeal {
        List<String> remaining;
        try {
            for (ServerControl server : servers.values()) {
                Traces.awaitGoodbyes(server);
            }
            remaining = remainingFaults();
        } catch (IOException e) {
            throw CannotHeal.unknown(e);
        }
        if (!remaining.isEmpty()) {
            throw CannotHeal.remaining(remaining);
        }
    }

    private Injection injection(Fault fault) throws CannotInject {
        return switch (fault) {
            case Fault.Refuse refuse -> new RefuseInjection(refuse.proxy(), control, counted());
            case Fault.CutCommit cut ->
                new WireInjection(cut.order(), watchOf(cut), bites -> bites + " commits cut " + cut.point());
            case Fault.AtPoint at ->
                new WireInjection(
                        at.order(),
                        watchOf(at),
                        bites -> bites + " times " + at.order().label());
            case Fault.OnNetwork network -> {
                String name = "pgrehearse_" + fault.kind() + "_" + number.incrementAndGet();
                ToxicInjection toxics =
                        new ToxicInjection(network.proxy(), ToxicPlans.of(network, name), control, counted());
                yield effects == null ? new ProbedInjection(toxics, network, control) : toxics;
            }
            case Fault.OnServer harmful -> new ServerInjections(servers, nanos).of(harmful);
        };
    }

    private EffectsSource counted() {
        return effects == null ? proxy -> Optional.empty() : effects;
    }

    private WireWatch watchOf(Fault.OnNetwork fault) throws CannotInject {
        WireWatch watch = watches.get(fault.proxy());
        if (watch == null) {
            throw new CannotInject(
                    fault, new IOException("its connections are not watched. Watch them before the load connects."));
        }
        return watch;
    }

    /** Where interceptors can be put. */
    private interface Interception {
        void intercept(String proxy, Interceptor.Factory interceptors) throws IOException;
    }
}
