package org.pgrehearse.scenarios.spec;

import java.util.Locale;

/** One word that a fault can wait for, under {@code when} or {@code until}. */
public enum Condition {
    /** A step begins; what waits for it is done before the step does anything. */
    STEP(Takes.STEP),
    /** A step has ended, in whatever way. */
    STEP_DONE(Takes.STEP),
    /** A phase begins. */
    PHASE(Takes.PHASE),
    /** A phase has ended. */
    PHASE_DONE(Takes.PHASE),
    /** This share of the initial copy is done. */
    COPIED(Takes.SHARE),
    /** The target is at least so much WAL behind. */
    LAG_ABOVE(Takes.BYTES),
    /** The target is at most so much WAL behind. */
    LAG_BELOW(Takes.BYTES),
    /** The target is behind by at least this time. */
    LAG_LONGER(Takes.DURATION),
    /** The target is behind by at most this time. */
    LAG_SHORTER(Takes.DURATION),
    /** So many commits of the load were acknowledged since. */
    COMMITS(Takes.NUMBER),
    /** The source has written so much WAL since. */
    WAL(Takes.BYTES),
    /** The source has reached this position. */
    LSN(Takes.POSITION),
    /** Another fault is in place, or was. */
    FAULT(Takes.FAULT),
    /** Another fault is healed. */
    FAULT_HEALED(Takes.FAULT);

    /** What kind of value stands behind the word. */
    enum Takes {
        STEP,
        PHASE,
        FAULT,
        SHARE,
        BYTES,
        DURATION,
        NUMBER,
        POSITION
    }

    private final Takes takes;

    Condition(Takes takes) {
        this.takes = takes;
    }

    /** As a file spells it, such as {@code lag-above}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Takes takes() {
        return takes;
    }
}
