package org.pgrehearse.scenarios.topology;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Where the writes of one application instance wait while it pauses them, as they would at a pooler. Every write that
 * entered leaves again, so a runbook can wait until none is under way. Safe for use by many threads.
 */
public final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean paused;
    private int inside;

    /** Writes that arrive from now on wait; those inside go on. */
    public void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets in whoever waits. */
    public void resume() {
        lock.lock();
        try {
            paused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether writes wait. */
    public boolean paused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /** How many writes are inside. */
    public int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Enters as one write, waiting while writes are paused.
     *
     * @return false when the patience ended first; then the write is not inside and must not leave
     */
    public boolean enter(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            if (!await(() -> !paused, patience)) {
                return false;
            }
            inside++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves after {@link #enter} let this write in. */
    public void leave() {
        lock.lock();
        try {
            if (inside == 0) {
                throw new IllegalStateException("Cannot leave the gate: no write is inside.");
            }
            inside--;
            if (inside == 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no write is inside; false when the patience ended first. */
    public boolean awaitEmpty(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            return await(() -> inside == 0, patience);
        } finally {
            lock.unlock();
        }
    }

    private boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            changed.await(left, TimeUnit.NANOSECONDS);
        }
        return true;
    }
}
