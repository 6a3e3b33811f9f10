package org.pgrehearse.verifier.compare;

import java.util.Optional;
import org.pgrehearse.verifier.rows.Findings;

/**
 * What reading a pair of tables, or a part of it, brought to light.
 *
 * @param plan how it was read, as reports name it
 * @param contradiction why nothing of it can be believed; empty when the passes tell the same story
 */
record Reading(String plan, long sourceRows, long targetRows, Findings findings, Optional<String> contradiction) {
    private static final String UNEXPLAINED =
            "Cannot decide: the sums of the rows differ, but the rows found one by one do not explain it."
                    + " Make sure that both snapshots are stable and run again.";

    /** A part whose sums are the same. */
    static Reading same(String plan, long rows) {
        return new Reading(plan, rows, rows, Findings.none(), Optional.empty());
    }

    /** A part whose sums differ. The rows found one by one must explain it; if they do not, neither is believed. */
    static Reading different(String plan, long sourceRows, long targetRows, Findings findings) {
        boolean unbalanced = sourceRows - findings.missing() != targetRows - findings.unexpected();
        return new Reading(
                plan,
                sourceRows,
                targetRows,
                findings,
                findings.isEmpty() || unbalanced ? Optional.of(UNEXPLAINED) : Optional.empty());
    }

    /** Two parts of the same table together, listing no more differences than so many. */
    Reading and(Reading other, int listedMax) {
        return new Reading(
                plan,
                sourceRows + other.sourceRows,
                targetRows + other.targetRows,
                findings.and(other.findings, listedMax),
                contradiction.or(other::contradiction));
    }
}
