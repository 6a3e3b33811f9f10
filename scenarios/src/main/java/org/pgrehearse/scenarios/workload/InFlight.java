package org.pgrehearse.scenarios.workload;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The operations that are not recorded yet, at most so many. Safe for use by many threads. */
final class InFlight {
    private final int max;
    private final AtomicInteger size = new AtomicInteger();
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();

    InFlight(int max) {
        this.max = max;
    }

    /** Adds one; false when it is full. */
    boolean add(Attempt attempt) {
        if (size.incrementAndGet() > max) {
            remove();
            return false;
        }
        attempts.add(attempt);
        return true;
    }

    /** Removes one that was added and is recorded. */
    void remove(Attempt attempt) {
        attempts.remove(attempt);
        remove();
    }

    int size() {
        return size.get();
    }

    /** Those under way now. */
    List<Attempt> snapshot() {
        return List.copyOf(attempts);
    }

    /** Waits until none is left; false when the patience ended first. */
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (size.get() > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                empty.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void remove() {
        if (size.decrementAndGet() == 0) {
            lock.lock();
            try {
                empty.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
