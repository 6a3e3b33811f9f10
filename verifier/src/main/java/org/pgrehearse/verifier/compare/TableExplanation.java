package org.pgrehearse.verifier.compare;

import java.util.List;

/**
 * How a pair of tables would be compared.
 *
 * @param plan how both tables would be read; a table whose server keeps no statistics of the key's order says so
 * @param key columns by which rows are found again; empty for a multiset
 * @param notCompared columns that only one side has
 * @param source what would be asked of the source
 * @param target what would be asked of the target
 */
public record TableExplanation(
        String sourceTable,
        String targetTable,
        String digest,
        String plan,
        List<String> key,
        List<String> notCompared,
        Estimate source,
        Estimate target) {
    public TableExplanation {
        key = List.copyOf(key);
        notCompared = List.copyOf(notCompared);
    }

    /**
     * What a side would have to do.
     *
     * @param sql one statement over the whole table; chunks add a condition. Empty when the side has no such table
     * @param rows as the server's planner estimates them
     * @param pages of the table's heap
     * @param cost of the statement in the planner's units, in which reading a page in sequence costs 1
     */
    public record Estimate(String sql, long rows, long pages, double cost) {
        /** The side has no such table. */
        static Estimate none() {
            return new Estimate("", 0, 0, 0);
        }
    }
}
