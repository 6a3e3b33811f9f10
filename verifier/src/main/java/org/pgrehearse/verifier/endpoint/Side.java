package org.pgrehearse.verifier.endpoint;

import java.util.Locale;

/** One of the two databases that are compared. */
public enum Side {
    SOURCE,
    TARGET;

    /** The word for it in messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
