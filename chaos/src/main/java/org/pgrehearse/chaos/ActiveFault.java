package org.pgrehearse.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A fault that was injected, whatever its kind. */
final class ActiveFault implements Healing {
    private static final int HEAL_ATTEMPTS_MAX = 3;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(2);

    private final Fault fault;
    private final Injection injection;
    private final LongSupplier nanos;
    private final Asked asked;
    private final ReentrantLock healing = new ReentrantLock();
    private volatile @Nullable Bite bite;
    private volatile @Nullable Asked healed;

    private ActiveFault(Fault fault, Injection injection, LongSupplier nanos, Asked asked) {
        this.fault = fault;
        this.injection = injection;
        this.nanos = nanos;
        this.asked = asked;
    }

    /** Brings the fault about; when that fails, what was done of it is undone. */
    static Healing inject(Fault fault, Injection injection, LongSupplier nanos) throws CannotInject {
        long requested = nanos.getAsLong();
        try {
            injection.inject();
        } catch (IOException e) {
            try {
                healStubbornly(injection);
            } catch (IOException notUndone) {
                e.addSuppressed(notUndone);
            }
            throw new CannotInject(fault, e);
        }
        return new ActiveFault(fault, injection, nanos, new Asked(requested, nanos.getAsLong()));
    }

    @Override
    public Fault fault() {
        return fault;
    }

    @Override
    public Asked asked() {
        return asked;
    }

    @Override
    public Optional<Bite> bite() {
        Bite seen = bite;
        if (seen == null) {
            seen = injection
                    .evidence()
                    .map(evidence -> new Bite(evidence, nanos.getAsLong()))
                    .orElse(null);
            bite = seen;
        }
        return Optional.ofNullable(seen);
    }

    @Override
    public Optional<Bite> awaitBite(Duration atMost) throws InterruptedException {
        long start = System.nanoTime();
        Optional<Bite> seen = bite();
        while (seen.isEmpty() && System.nanoTime() - start < atMost.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
            seen = bite();
        }
        return seen;
    }

    @Override
    public Optional<String> unseen() {
        return injection.unseen();
    }

    @Override
    public Optional<Asked> healed() {
        return Optional.ofNullable(healed);
    }

    @Override
    public Optional<String> damage() {
        return healed == null ? Optional.empty() : injection.damage();
    }

    @Override
    public void close() throws CannotHeal {
        healing.lock();
        try {
            if (healed != null) {
                return;
            }
            bite();
            long requested = nanos.getAsLong();
            healStubbornly(injection);
            healed = new Asked(requested, nanos.getAsLong());
        } catch (IOException e) {
            throw CannotHeal.of(fault, e);
        } finally {
            healing.unlock();
        }
    }

    /** Heals also when the thread was interrupted, before or meanwhile: an interrupt is when healing matters most. */
    private static void healStubbornly(Injection injection) throws IOException {
        boolean interrupted = Thread.interrupted();
        IOException failure = new IOException("no attempt was made. Report this as a bug.");
        try {
            for (int attempt = 1; attempt <= HEAL_ATTEMPTS_MAX; attempt++) {
                try {
                    injection.heal();
                    return;
                } catch (IOException e) {
                    interrupted |= Thread.interrupted();
                    failure = e;
                }
            }
            throw failure;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
