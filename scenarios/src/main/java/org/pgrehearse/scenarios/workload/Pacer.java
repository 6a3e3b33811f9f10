package org.pgrehearse.scenarios.workload;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The thread that hands each operation over at its intended time. It never skips one: when it wakes late it hands over
 * everything that is due, each with its own intended time. It does no work itself, so that no operation can delay the
 * next.
 */
final class Pacer {
    private final Schedule arrivals;
    private final LongSupplier nanos;
    private final Handover handover;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile long handedOver;

    private Pacer(String name, Schedule arrivals, LongSupplier nanos, Handover handover, Troubles troubles) {
        this.arrivals = arrivals;
        this.nanos = nanos;
        this.handover = handover;
        this.thread = Thread.ofPlatform()
                .name("pgrehearse-pacer-" + name)
                .daemon()
                .uncaughtExceptionHandler(troubles)
                .unstarted(this::run);
    }

    static Pacer start(String name, Schedule arrivals, LongSupplier nanos, Handover handover, Troubles troubles) {
        Pacer pacer = new Pacer(name, arrivals, nanos, handover, troubles);
        pacer.thread.start();
        return pacer;
    }

    /** Ends the schedule. Returns how many operations were handed over; no other follows. */
    long stop(Duration patience) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        if (!thread.join(patience)) {
            throw new IllegalStateException(
                    "Cannot stop \"" + thread.getName() + "\": it did not end within " + patience.toMillis() + " ms.");
        }
        return handedOver;
    }

    /** When the operation after the last one would have been due. */
    long nextIntendedNanos() {
        return arrivals.at(handedOver);
    }

    private void run() {
        long index = 0;
        while (!stopping) {
            long intended = arrivals.at(index);
            long early = intended - nanos.getAsLong();
            if (early > 0) {
                LockSupport.parkNanos(early);
            } else {
                handover.accept(index, intended);
                index++;
                handedOver = index;
            }
        }
    }

    /** Takes over one operation. Must not block. */
    interface Handover {
        void accept(long index, long intendedNanos);
    }
}
