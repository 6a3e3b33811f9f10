package org.pgrehearse.verifier.rows;

import java.util.List;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.RowDifference;

/** What a search for differing rows found: all counted, some listed. */
public record Findings(
        long missing,
        long unexpected,
        long changed,
        boolean truncated,
        List<RowDifference> listed,
        ColumnChanges columnChanges) {
    public Findings {
        listed = List.copyOf(listed);
    }

    /** What was found without looking at single columns. */
    public Findings(long missing, long unexpected, long changed, boolean truncated, List<RowDifference> listed) {
        this(missing, unexpected, changed, truncated, listed, ColumnChanges.none());
    }

    /** No difference. */
    public static Findings none() {
        return new Findings(0, 0, 0, false, List.of());
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return missing + unexpected + changed == 0;
    }
}
