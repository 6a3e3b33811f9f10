package org.pgrehearse.verifier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about one table.
 *
 * @param source qualified name on the source, as {@code schema.table}
 * @param target qualified name on the target
 * @param digest {@code exact}, {@code equal} or {@code text}
 * @param plan how the table was cut into chunks, such as {@code key-range} or {@code multiset}
 * @param missing rows (for a multiset: row occurrences) on the source and not on the target
 * @param unexpected rows on the target and not on the source
 * @param changed rows with the same key and other values
 * @param truncated whether {@code differences} lists fewer than were counted
 * @param reason why the table could not be compared; null unless the verdict is inconclusive
 * @param columns what was done with each column; empty when the table could not be read at all
 * @param columnChanges in how many changed rows each column differs
 */
public record TableComparison(
        String source,
        String target,
        Verdict verdict,
        String digest,
        String plan,
        long sourceRows,
        long targetRows,
        long missing,
        long unexpected,
        long changed,
        boolean truncated,
        List<RowDifference> differences,
        @Nullable String reason,
        List<ColumnCoverage> columns,
        ColumnChanges columnChanges) {

    public TableComparison {
        differences = List.copyOf(differences);
        columns = List.copyOf(columns);
        if (verdict == Verdict.CONSISTENT && missing + unexpected + changed > 0) {
            throw new IllegalArgumentException("a table with differences cannot be consistent: " + source);
        }
        if (verdict == Verdict.INCONCLUSIVE && reason == null) {
            throw new IllegalArgumentException("an inconclusive table needs a reason: " + source);
        }
    }

    /** A result that says nothing of single columns. */
    public TableComparison(
            String source,
            String target,
            Verdict verdict,
            String digest,
            String plan,
            long sourceRows,
            long targetRows,
            long missing,
            long unexpected,
            long changed,
            boolean truncated,
            List<RowDifference> differences,
            @Nullable String reason) {
        this(
                source,
                target,
                verdict,
                digest,
                plan,
                sourceRows,
                targetRows,
                missing,
                unexpected,
                changed,
                truncated,
                differences,
                reason,
                List.of(),
                ColumnChanges.none());
    }
}
