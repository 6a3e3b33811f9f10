package org.pgrehearse.reports.anomaly;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Isolation;

/** A way in which a history contradicts what PostgreSQL promises; names follow Adya's and Elle's. */
public enum Anomaly {
    /** A cycle of overwrites alone. */
    G0("dirty write", Isolation.READ_COMMITTED),
    /** A read of a value that a failed transaction wrote. */
    G1A("aborted read", Isolation.READ_COMMITTED),
    /** A read of a value that its writer itself replaced before it committed. */
    G1B("intermediate read", Isolation.READ_COMMITTED),
    /** A cycle of overwrites and reads-from, with at least one read. */
    G1C("circular information flow", Isolation.READ_COMMITTED),
    /** A transaction that does not see its own writes. */
    INTERNAL("own write not seen", Isolation.READ_COMMITTED),
    /** Two reads of one list of which neither begins the other. */
    INCOMPATIBLE_ORDER("reads that no one order explains", Isolation.READ_COMMITTED),
    /** Two values that both claim to be the same version of one register. */
    FORK("two values of one version", Isolation.READ_COMMITTED),
    /** A value that is in a list twice although it was appended once. */
    DUPLICATE_ELEMENT("one append applied twice", Isolation.READ_COMMITTED),
    /** A read of a value that no recorded transaction wrote. */
    GARBAGE_READ("value that nobody wrote", Isolation.READ_COMMITTED),
    /** Two transactions that read the same version of a key and both wrote it: the later one never saw the other. */
    LOST_UPDATE("lost update", Isolation.REPEATABLE_READ),
    /** A cycle with exactly one anti-dependency: read skew, a fuzzy read. */
    G_SINGLE("read skew", Isolation.REPEATABLE_READ),
    /** Two read-only transactions that saw two writes in opposite orders. */
    LONG_FORK("long fork", Isolation.REPEATABLE_READ),
    /** A cycle with several anti-dependencies of which no two follow each other. */
    G_NONADJACENT("cycle that no snapshots explain", Isolation.REPEATABLE_READ),
    /** A cycle with at least two anti-dependencies in a row: write skew. */
    G2_ITEM("write skew", Isolation.SERIALIZABLE),
    /** A read that missed a write which had been acknowledged before the read began. */
    STALE_READ("stale read", null),
    /** A session that did not see its own acknowledged write. */
    READ_YOUR_WRITES("own acknowledged write not seen by its session", null),
    /** A session that saw a key go back to an older version. */
    MONOTONIC_READS("version that went back under a session", null),
    /** A session whose later write of a key came before its earlier one. */
    MONOTONIC_WRITES("writes of one session in the wrong order", null),
    /** A session whose write came before a version that it had read. */
    WRITES_FOLLOW_READS("write that precedes what its session had read", null);

    private final String words;
    private final @Nullable Isolation weakest;

    Anomaly(String words, @Nullable Isolation weakest) {
        this.words = words;
        this.weakest = weakest;
    }

    /** The name reports use, such as {@code G-single} or {@code lost-update}. */
    public String title() {
        return switch (this) {
            case G0 -> "G0";
            case G1A -> "G1a";
            case G1B -> "G1b";
            case G1C -> "G1c";
            case G_SINGLE -> "G-single";
            case G_NONADJACENT -> "G-nonadjacent";
            case G2_ITEM -> "G2-item";
            case INTERNAL,
                    INCOMPATIBLE_ORDER,
                    FORK,
                    DUPLICATE_ELEMENT,
                    GARBAGE_READ,
                    LOST_UPDATE,
                    LONG_FORK,
                    STALE_READ,
                    READ_YOUR_WRITES,
                    MONOTONIC_READS,
                    MONOTONIC_WRITES,
                    WRITES_FOLLOW_READS -> name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    /** What it means, in a few words. */
    public String words() {
        return words;
    }

    /**
     * Whether PostgreSQL excludes it among transactions of at least this level. Staleness and sessions have nothing to
     * do with levels: one healthy primary excludes those at any.
     */
    public boolean forbiddenBy(Isolation level) {
        return weakest == null || level.compareTo(weakest) >= 0;
    }

    /** Whether it speaks of real time or sessions, rather than of isolation. */
    public boolean ofSessions() {
        return weakest == null;
    }
}
