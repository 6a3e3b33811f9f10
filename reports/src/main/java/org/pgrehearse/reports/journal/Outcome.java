package org.pgrehearse.reports.journal;

/** What a client knows about its operation. The three are never mixed up. */
public enum Outcome {
    /** The server confirmed the commit. */
    ACKNOWLEDGED,
    /** Certainly not done: the server refused it, or the commit was never sent. */
    FAILED,
    /** It may have been done: the connection was lost after the commit was sent. */
    UNKNOWN
}
