package org.pgrehearse.verifier;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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

    /** The counts of two parts of a table together. */
    public ColumnChanges and(ColumnChanges other) {
        Map<String, Long> counts = new TreeMap<>();
        Stream.concat(columns.stream(), other.columns.stream())
                .forEach(count -> counts.merge(count.column(), count.rows(), Long::sum));
        return new ColumnChanges(
                rows + other.rows,
                complete && other.complete,
                counts.entrySet().stream()
                        .map(entry -> new Count(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparingLong(Count::rows).reversed())
                        .toList());
    }

    /** In how many of the rows a column differs. */
    public record Count(String column, long rows) {}
}
