package org.pgrehearse.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.pgrehearse.chaos.harm.Harm;

/** A fault of a server. Asking for evidence is a session on it, so that is not done more often than it helps. */
final class HarmInjection implements Injection {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private final Harm harm;
    private final LongSupplier nanos;
    private long nextLook;
    private boolean looked;
    private boolean healing;

    HarmInjection(Harm harm, LongSupplier nanos) {
        this.harm = harm;
        this.nanos = nanos;
    }

    @Override
    public void inject() throws IOException {
        harm.inject();
    }

    @Override
    public synchronized Optional<String> evidence() {
        long now = nanos.getAsLong();
        // What healing does, such as starting a server, must not be taken for the fault.
        if (healing || (looked && now - nextLook < 0)) {
            return Optional.empty();
        }
        Optional<String> seen = harm.evidence();
        looked = true;
        nextLook = nanos.getAsLong() + LOOK_INTERVAL.toNanos();
        return seen;
    }

    @Override
    public void heal() throws IOException {
        synchronized (this) {
            healing = true;
        }
        harm.heal();
    }

    @Override
    public Optional<String> damage() {
        return harm.damage();
    }
}
