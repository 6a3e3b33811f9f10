package org.pgrehearse.scenarios.workload;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.topology.Lease;

/**
 * One operation under way. It is settled exactly once: by its own thread, or by whoever gives up waiting for it. Its
 * thread must ask {@link #handOver} before it lets a write take effect, so that a write that was given up as not sent
 * is never sent later. Safe for use by many threads.
 */
final class Attempt {
    private final long index;
    private final long token;
    private final long intendedNanos;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNDECIDED);
    private volatile @Nullable Thread thread;
    private volatile @Nullable Lease lease;
    private volatile long startedNanos = -1;
    private volatile boolean fresh;
    private volatile RowKeys keys = RowKeys.NONE;

    Attempt(long index, long token, long intendedNanos) {
        this.index = index;
        this.token = token;
        this.intendedNanos = intendedNanos;
    }

    long index() {
        return index;
    }

    long token() {
        return token;
    }

    long intendedNanos() {
        return intendedNanos;
    }

    /** When it started; {@code otherwise} when it has not. */
    long startedNanos(long otherwise) {
        return startedNanos < 0 ? otherwise : startedNanos;
    }

    void started(long nanos) {
        startedNanos = nanos;
    }

    /** Whether it opens a connection of its own. */
    boolean fresh() {
        return fresh;
    }

    void useFresh() {
        fresh = true;
    }

    /** Notes which rows its last try deleted and inserted, before that try commits; called by its own thread only. */
    void wrote(RowKeys written) {
        keys = written.after(keys);
    }

    RowKeys keys() {
        return keys;
    }

    void runBy(Thread worker) {
        thread = worker;
    }

    void holds(Lease held) {
        lease = held;
    }

    @Nullable
    Lease lease() {
        return lease;
    }

    /** Asks whether the commit may be sent. False when the operation was given up: then it must not be. */
    boolean handOver() {
        return phase.compareAndSet(Phase.UNDECIDED, Phase.HANDED_OVER);
    }

    /** Begins again after a failed commit. False when the operation was given up: then it must not. */
    boolean again() {
        return phase.compareAndSet(Phase.HANDED_OVER, Phase.UNDECIDED) || phase.get() == Phase.UNDECIDED;
    }

    /** Claims the right to record it. True exactly once. */
    boolean settle() {
        return phase.getAndSet(Phase.SETTLED) != Phase.SETTLED;
    }

    boolean settled() {
        return phase.get() == Phase.SETTLED;
    }

    /**
     * Claims it for someone who gives up waiting: failed when its commit was not handed over, and then never will be;
     * unknown when it was. Null when it was settled before.
     */
    @Nullable
    Outcome giveUp() {
        return switch (phase.getAndSet(Phase.SETTLED)) {
            case UNDECIDED -> Outcome.FAILED;
            case HANDED_OVER -> Outcome.UNKNOWN;
            case SETTLED -> null;
        };
    }

    /** Cuts its connection and interrupts its thread, so that it ends soon. */
    void cut(Troubles troubles) {
        Lease held = lease;
        if (held != null) {
            try {
                held.cut();
            } catch (SQLException e) {
                troubles.report("Cannot cut a connection to " + held.side() + ": " + e.getMessage() + ".");
            }
        }
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
        }
    }

    private enum Phase {
        /** Nothing was sent that could take effect. */
        UNDECIDED,
        /** Its commit, or its autocommitted write, was given to the driver. */
        HANDED_OVER,
        /** It was recorded, or is about to be. */
        SETTLED
    }
}
