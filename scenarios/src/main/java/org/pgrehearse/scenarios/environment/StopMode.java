package org.pgrehearse.scenarios.environment;

import org.pgrehearse.scenarios.environment.Processes.Signal;

/** How a server is asked to stop. */
public enum StopMode {
    /** Waits for every session to end by itself. */
    SMART(Signal.TERM),
    /** Rolls back what is open and writes a checkpoint. */
    FAST(Signal.INT),
    /** Ends at once; the next start recovers. */
    IMMEDIATE(Signal.QUIT);

    private final Signal signal;

    StopMode(Signal signal) {
        this.signal = signal;
    }

    Signal signal() {
        return signal;
    }
}
