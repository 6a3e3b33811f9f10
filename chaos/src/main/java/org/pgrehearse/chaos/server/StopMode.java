package org.pgrehearse.chaos.server;

/** How a server is asked to stop. */
public enum StopMode {
    /** Refuses new sessions and waits for every session to end by itself. */
    SMART("TERM"),
    /** Ends every session, rolls back what is open and writes a checkpoint. */
    FAST("INT"),
    /** Ends at once, as in a crash; the next start recovers. */
    IMMEDIATE("QUIT");

    private final String signal;

    StopMode(String signal) {
        this.signal = signal;
    }

    /** The signal's name without SIG. */
    public String signal() {
        return signal;
    }
}
