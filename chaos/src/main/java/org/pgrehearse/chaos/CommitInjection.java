package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgrehearse.chaos.wire.CommitWatch;

/** COMMITs cut on a watched proxy. */
final class CommitInjection implements Injection {
    private final Fault.CutCommit fault;
    private final CommitWatch watch;
    private final AtomicBoolean armed = new AtomicBoolean();

    CommitInjection(Fault.CutCommit fault, CommitWatch watch) {
        this.fault = fault;
        this.watch = watch;
    }

    @Override
    public void inject() throws IOException {
        if (!watch.arm(new CommitWatch.Order(fault.point(), fault.manner(), fault.commits()))) {
            throw new IOException("its COMMITs are being cut already. Heal that first.");
        }
        armed.set(true);
    }

    @Override
    public Optional<String> evidence() {
        long cut = armed.get() ? watch.commitsCut() : 0;
        return cut == 0 ? Optional.empty() : Optional.of(cut + " commits cut " + fault.point());
    }

    @Override
    public void heal() {
        if (armed.compareAndSet(true, false)) {
            watch.disarm();
        }
    }
}
