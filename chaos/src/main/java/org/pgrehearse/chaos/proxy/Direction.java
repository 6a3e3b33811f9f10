package org.pgrehearse.chaos.proxy;

import java.util.Locale;
import java.util.Set;

/** Which way bytes flow through a proxy. */
public enum Direction {
    /** From the client to the server. */
    UPSTREAM,
    /** From the server to the client. */
    DOWNSTREAM;

    /** Both ways. */
    public static final Set<Direction> BOTH = Set.of(UPSTREAM, DOWNSTREAM);

    /** The name in Toxiproxy's API, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
