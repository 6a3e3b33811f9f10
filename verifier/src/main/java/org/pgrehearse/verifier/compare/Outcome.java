package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
                null);
    }

    /** A table that was read on both sides; a doubt is why it cannot be believed. */
    TableComparison searched(TablePlan plan, Reading reading, @Nullable String doubt) {
        long sourceRows = reading.sourceRows();
        long targetRows = reading.targetRows();
        if (doubt != null) {
            return inconclusive(reading.plan(), sourceRows, targetRows, doubt);
        }
        Findings findings = reading.findings();
        if (!findings.isEmpty()) {
            return result(Verdict.DIVERGENT, reading.plan(), sourceRows, targetRows, findings, null);
        }
        List<String> unpaired = new ArrayList<>();
        plan.onlyOnSource().forEach(column -> unpaired.add(column + " (only on the source)"));
        plan.onlyOnTarget().forEach(column -> unpaired.add(column + " (only on the target)"));
        if (!unpaired.isEmpty()) {
            return inconclusive(
                    reading.plan(),
                    sourceRows,
                    targetRows,
                    "Cannot compare the columns " + String.join(", ", unpaired) + " of table " + pair.sourceName()
                            + ": the other side lacks them. The "
                            + plan.columns().size()
                            + " columns that both sides have hold the same.");
        }
        return result(Verdict.CONSISTENT, reading.plan(), sourceRows, targetRows, findings, null);
    }

    /** A table that could not be compared. */
    TableComparison inconclusive(String plan, long sourceRows, long targetRows, String reason) {
        return result(Verdict.INCONCLUSIVE, plan, sourceRows, targetRows, Findings.none(), reason);
    }

    private TableComparison result(
            Verdict verdict,
            String plan,
            long sourceRows,
            long targetRows,
            Findings findings,
            @Nullable String reason) {
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
                reason);
    }
}
