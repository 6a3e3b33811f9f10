package org.pgrehearse.scenarios.workload;

import java.util.Locale;
import java.util.Set;
import org.pgrehearse.reports.journal.Outcome;

/** What an application does about a write that was not acknowledged. */
public enum Retry {
    /** Nothing: its user sees the failure. */
    NONE,
    /** Tries again what the server undid because of other transactions: serialization failures and deadlocks. */
    SERIALIZATION,
    /**
     * Tries again whatever was not acknowledged, also what may have been done: a mistake that many applications make.
     * What it does twice the ledger holds twice.
     */
    BLIND;

    /** Tries of one write, the first included. */
    static final int TRIES_MAX = 10;

    private static final Set<String> UNDONE_FOR_OTHERS = Set.of("40001", "40P01");

    boolean again(Result result) {
        return switch (this) {
            case NONE -> false;
            case SERIALIZATION ->
                result.outcome() == Outcome.FAILED
                        && result.sqlState() != null
                        && UNDONE_FOR_OTHERS.contains(result.sqlState());
            case BLIND -> result.outcome() != Outcome.ACKNOWLEDGED;
        };
    }

    /** As a scenario says it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
