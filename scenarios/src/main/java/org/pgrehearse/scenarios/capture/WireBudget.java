package org.pgrehearse.scenarios.capture;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that one capture may hold, over all its sessions. Safe for use by many threads. */
final class WireBudget {
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    WireBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes so many bytes; false when there are not so many left, and then none is taken. */
    boolean reserve(long bytes) {
        if (held.addAndGet(bytes) > bytesMax) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes that are taken now. */
    long held() {
        return held.get();
    }
}
