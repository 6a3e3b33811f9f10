package org.pgrehearse.verifier.compare;

import java.util.List;

/**
 * How a pair of tables would be compared.
 *
 * @param key columns by which rows are found again; empty for a multiset
 * @param notCompared columns that only one side has
 * @param sourceSql what would be asked of the source; empty when it has no such table
 * @param targetSql what would be asked of the target; empty when it has no such table
 */
public record TableExplanation(
        String source,
        String target,
        String digest,
        String plan,
        List<String> key,
        List<String> notCompared,
        String sourceSql,
        String targetSql) {
    public TableExplanation {
        key = List.copyOf(key);
        notCompared = List.copyOf(notCompared);
    }
}
