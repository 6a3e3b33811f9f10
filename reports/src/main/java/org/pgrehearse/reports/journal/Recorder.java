package org.pgrehearse.reports.journal;

/** Where the engine records what happens. Safe for use by many threads. */
public interface Recorder {
    /** Nanoseconds since the run was opened, on the run's one monotonic clock. Never negative, never going back. */
    long nowNanos();

    /** Appends one event. Blocks briefly when the journal cannot keep up; never drops an event. */
    void record(Event event);
}
