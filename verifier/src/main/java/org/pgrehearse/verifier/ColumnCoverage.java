package org.pgrehearse.verifier;

import org.jspecify.annotations.Nullable;

/**
 * Whether a column of a compared table was verified.
 *
 * @param column its name on the target, or on the source if the target lacks it
 * @param reason why it was not verified, or by which expression it was; null for a column compared as it is
 */
public record ColumnCoverage(
        String column, Status status, @Nullable String reason) {
    /** What was done with a column. */
    public enum Status {
        /** Its values were compared. */
        VERIFIED,
        /** Its values could not be compared: doubt. */
        SKIPPED,
        /** The user asked not to compare it. */
        EXCLUDED
    }
}
