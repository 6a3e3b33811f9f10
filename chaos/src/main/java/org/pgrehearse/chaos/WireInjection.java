package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.wire.Ambush;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.WireWatch;

/** An order that stands on a watched proxy. */
final class WireInjection implements Injection {
    private final Order order;
    private final WireWatch watch;
    private final LongFunction<String> evidence;
    private final AtomicReference<@Nullable Ambush> armed = new AtomicReference<>();
    private volatile @Nullable Ambush latest;

    /**
     * Nothing stands yet.
     *
     * @param evidence makes words of the number of bites
     */
    WireInjection(Order order, WireWatch watch, LongFunction<String> evidence) {
        this.order = order;
        this.watch = watch;
        this.evidence = evidence;
    }

    @Override
    public void inject() throws IOException {
        long blind = watch.blindConnections();
        if (blind > 0 && blind == watch.openConnections()) {
            throw new IOException("all of its " + blind + " connections are encrypted and cannot be read."
                    + " Terminate TLS at the proxy, or connect with sslmode=disable.");
        }
        Ambush ambush = watch.arm(order);
        latest = ambush;
        armed.set(ambush);
    }

    @Override
    public Optional<String> evidence() {
        Ambush ambush = latest;
        long bites = ambush == null ? 0 : ambush.bites();
        return bites == 0 ? Optional.empty() : Optional.of(evidence.apply(bites));
    }

    @Override
    public Optional<String> unseen() {
        Ambush ambush = latest;
        long blind = ambush == null ? 0 : ambush.blindConnections();
        return blind == 0
                ? Optional.empty()
                : Optional.of(blind + " connections were encrypted and could not be read."
                        + " Terminate TLS at the proxy, or connect with sslmode=disable.");
    }

    @Override
    public void heal() {
        Ambush ambush = armed.getAndSet(null);
        if (ambush != null) {
            watch.disarm(ambush);
        }
    }
}
