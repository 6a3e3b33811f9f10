package org.pgrehearse.verifier.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.rows.Findings;

/** Makes the result of one pair of tables from what was found. */
record Outcome(TablePair pair, DigestKind digest) {

    /** A table of one side only, whose rows were counted. */
    TableComparison counted(String plan, Verdict verdict, long sourceRows, long targetRows) {
        return result(
                verdict,
                plan,
                sourceRows,
                targetRows,
                new Findings(sourceRows, targetRows, 0, sourceRows + targetRows > 0, List.of()),
                null,
                List.of());
    }

    /** A table that was read on both sides. */
    TableComparison searched(
            TablePlan plan, long sourceRows, long targetRows, Findings findings, @Nullable String contradiction) {
        if (contradiction != null) {
            return inconclusive(plan.name(), sourceRows, targetRows, contradiction);
        }
        List<ColumnCoverage> columns = Columns.coverage(pair, plan);
        if (!findings.isEmpty()) {
            return result(Verdict.DIVERGENT, plan.name(), sourceRows, targetRows, findings, null, columns);
        }
        List<String> skipped = columns.stream()
                .filter(column -> column.status() == ColumnCoverage.Status.SKIPPED)
                .map(column -> column.column() + " (" + column.reason() + ")")
                .toList();
        if (!skipped.isEmpty()) {
            String reason = "Cannot compare the columns " + String.join(", ", skipped) + " of table "
                    + pair.sourceName() + ". The " + plan.columns().size()
                    + " columns that could be compared hold the same.";
            return result(Verdict.INCONCLUSIVE, plan.name(), sourceRows, targetRows, Findings.none(), reason, columns);
        }
        return result(Verdict.CONSISTENT, plan.name(), sourceRows, targetRows, findings, null, columns);
    }

    /** A table that could not be compared. */
    TableComparison inconclusive(String plan, long sourceRows, long targetRows, String reason) {
        return result(Verdict.INCONCLUSIVE, plan, sourceRows, targetRows, Findings.none(), reason, List.of());
    }

    private TableComparison result(
            Verdict verdict,
            String plan,
            long sourceRows,
            long targetRows,
            Findings findings,
            @Nullable String reason,
            List<ColumnCoverage> columns) {
        return new TableComparison(
                pair.sourceName().toString(),
                pair.targetName().toString(),
                verdict,
                digest.toString(),
                plan,
                sourceRows,
                targetRows,
                findings.missing(),
                findings.unexpected(),
                findings.changed(),
                findings.truncated(),
                findings.listed(),
                reason,
                columns,
                findings.columnChanges());
    }
}
