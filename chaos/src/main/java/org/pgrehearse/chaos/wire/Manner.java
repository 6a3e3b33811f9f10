package org.pgrehearse.chaos.wire;

/** How a connection is cut. */
public enum Manner {
    /** Both peers read the end of the stream. */
    CLOSE,
    /** Both peers read "connection reset". */
    RESET,
    /** Nothing passes any more; the connection is closed when the fault heals. */
    SILENCE
}
