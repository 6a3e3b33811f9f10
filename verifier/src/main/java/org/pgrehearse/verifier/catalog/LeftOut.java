package org.pgrehearse.verifier.catalog;

/**
 * A column of one side that is not compared by itself, and why.
 *
 * @param reason a whole sentence
 */
public record LeftOut(Column column, Why why, String reason) {
    /** What kept a column out. */
    public enum Why {
        /** The verifier's role may not read it: doubt. */
        UNREADABLE,
        /** The other side has no such column: doubt. */
        UNMATCHED,
        /** The user asked for it. */
        IGNORED,
        /** An expression of the user's compares what it holds. */
        USED;

        /** Whether what is left out leaves a doubt about the table. */
        public boolean doubtful() {
            return this == UNREADABLE || this == UNMATCHED;
        }
    }
}
