package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.pgrehearse.chaos.network.Control;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.Effects;

/** A proxy whose port is closed. */
final class RefuseInjection implements Injection {
    private final String proxy;
    private final Control control;
    private final EffectsSource source;
    private final AtomicLong cutBefore = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();

    RefuseInjection(String proxy, Control control, EffectsSource source) {
        this.proxy = proxy;
        this.control = control;
        this.source = source;
    }

    @Override
    public void inject() throws IOException {
        ProxyState before = control.proxy(proxy);
        if (!before.enabled()) {
            throw new IOException("proxy \"" + proxy + "\" is closed already. Heal it first.");
        }
        cutBefore.set(cut());
        closed.set(true);
        control.enable(proxy, false);
        // The proxy cannot see a refused connect, because its listener is gone; so we try one ourselves.
        refused.set(Probe.isRefused(before.listenAddress()));
    }

    @Override
    public Optional<String> evidence() {
        long cut = cut() - cutBefore.get();
        if (cut <= 0 && !refused.get()) {
            return Optional.empty();
        }
        return Optional.of(cut + " connections cut, a connect " + (refused.get() ? "was" : "was not") + " refused");
    }

    @Override
    public void heal() throws IOException {
        if (closed.get()) {
            ProxyState state = control.enable(proxy, true);
            if (!Probe.isAccepted(state.listenAddress())) {
                throw new IOException("nobody accepts connections at " + state.listen() + ". Check the fault proxy.");
            }
        }
    }

    private long cut() {
        return source.effects(proxy).map(Effects::connectionsCut).orElse(0L);
    }
}
