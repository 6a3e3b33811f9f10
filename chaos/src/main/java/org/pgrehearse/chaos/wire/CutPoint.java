package org.pgrehearse.chaos.wire;

/** Where a connection is cut around a COMMIT. */
public enum CutPoint {
    /** The server never gets the COMMIT: never committed. */
    BEFORE_FORWARDING,
    /**
     * The server got the COMMIT and nobody hears of it: committed; after a reset, which may destroy what the server had
     * not read yet, either.
     */
    AFTER_FORWARDING,
    /** The server said that it committed and the client does not hear it: committed. */
    ACKNOWLEDGEMENT_WITHHELD,
    /** The client hears that it committed, and the connection ends before the server is ready again: committed. */
    BEFORE_READY
}
