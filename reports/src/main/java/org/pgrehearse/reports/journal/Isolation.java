package org.pgrehearse.reports.journal;

import java.util.Locale;

/** The isolation level a transaction asked PostgreSQL for, from weak to strong. */
public enum Isolation {
    READ_COMMITTED,
    /** Snapshot isolation, in PostgreSQL. */
    REPEATABLE_READ,
    SERIALIZABLE;

    /** The level as SQL writes it, such as {@code repeatable read}. */
    public String sql() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
