package org.pgrehearse.chaos.wire;

import java.util.Locale;

/** Where something happens around a COMMIT. The truths are those of a connection that is cut there. */
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
    /** The client hears that it committed, and not that the server is ready again: committed. */
    BEFORE_READY,
    /** The client hears everything, and only then loses its connection: committed, and it knows. */
    AFTER_READY;

    /** As a scenario writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
