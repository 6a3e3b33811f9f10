package org.pgrehearse.verifier;

import java.util.List;

/**
 * In how many changed rows each column differs.
 *
 * @param rows changed rows that were looked at
 * @param complete whether these were all that changed; if not, the counts are those of the first ones found
 * @param columns the columns that differ in at least one of these rows, the most frequent first
 */
public record ColumnChanges(long rows, boolean complete, List<Count> columns) {
    public ColumnChanges {
        columns = List.copyOf(columns);
    }

    /** Nothing was counted. */
    public static ColumnChanges none() {
        return new ColumnChanges(0, true, List.of());
    }

    /** In how many of the rows a column differs. */
    public record Count(String column, long rows) {}
}
