package org.pgrehearse.verifier.catalog;

import java.util.List;

/**
 * A sequence and the columns that take values from it.
 *
 * @param readable whether the verifier's role may read it
 */
public record Sequence(
        TableName name, long increment, long minimum, long maximum, boolean cycles, boolean readable, List<Fed> feeds) {
    public Sequence {
        feeds = List.copyOf(feeds);
    }

    /**
     * A column that takes values from a sequence.
     *
     * @param direct whether the column holds the sequence's values as they are, so that they can be compared
     */
    public record Fed(TableName table, String column, boolean partition, boolean direct) {}
}
