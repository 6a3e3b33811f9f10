package org.pgrehearse.verifier.rows;

import java.util.List;
import java.util.stream.Stream;
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

    /** Those of two parts of a table together, listing no more than so many, the first part's first. */
    public Findings and(Findings other, int listedMax) {
        boolean cut = listed.size() + other.listed.size() > listedMax;
        return new Findings(
                missing + other.missing,
                unexpected + other.unexpected,
                changed + other.changed,
                cut || truncated || other.truncated,
                Stream.concat(listed.stream(), other.listed.stream())
                        .limit(listedMax)
                        .toList(),
                columnChanges.and(other.columnChanges));
    }

    /** The same counts with other differences listed, all of them or fewer. */
    public Findings listing(List<RowDifference> others) {
        boolean fewer = others.size() < missing + unexpected + changed;
        return new Findings(missing, unexpected, changed, fewer, others, columnChanges);
    }
}
