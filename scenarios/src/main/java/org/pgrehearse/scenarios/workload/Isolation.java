package org.pgrehearse.scenarios.workload;

import java.util.Locale;

/** How far transactions that write are isolated from each other. */
public enum Isolation {
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE;

    /** As SQL says it. */
    String sql() {
        return name().replace('_', ' ');
    }

    /** As a scenario says it, such as {@code repeatable-read}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
