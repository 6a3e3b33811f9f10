package org.pgrehearse.verifier.resume;

import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.chunk.KeyCuts;
import org.pgrehearse.verifier.chunk.PassLedger;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.rows.Findings;
import org.pgrehearse.verifier.snapshot.Moment;

/** One line of a resume file. */
public sealed interface Entry {
    /**
     * What is compared; the first line.
     *
     * @param format version of the file's format
     * @param source which database the source is
     * @param target which database the target is
     * @param asked what was asked for: tables, digest, listing
     */
    record Subject(int format, String source, String target, String asked) implements Entry {}

    /** The moments that the following entries were read at: one line for each time the comparison was started. */
    record Opened(Moment source, Moment target) implements Entry {}

    /** A table that is done. */
    record Finished(String pair, TableComparison result) implements Entry {}

    /** How a table is cut into intervals; ranges of it that were done before are void. */
    record Cut(String pair, KeyCuts cuts) implements Entry {}

    /** Into how many buckets a table's rows are summed; what was read of it before is void. */
    record Bucketed(String pair, int buckets) implements Entry {}

    /** What was read of a table on one side; what an earlier line says of that side is part of it. */
    record Passed(String pair, Side side, PassLedger.Pass pass) implements Entry {}

    /** A range of intervals that is done; the end is exclusive. */
    record Done(String pair, int first, int end, long sourceRows, long targetRows, Findings findings)
            implements Entry {}
}
