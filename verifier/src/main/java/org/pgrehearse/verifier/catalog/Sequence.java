package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A sequence and the columns that take values from it.
 *
 * @param readable whether the verifier's role may read it
 * @param type the integer type that bounds it, such as {@code bigint}
 */
public record Sequence(
        TableName name,
        long increment,
        long minimum,
        long maximum,
        boolean cycles,
        boolean readable,
        String type,
        long start,
        long cache,
        List<Fed> feeds) {
    public Sequence {
        feeds = List.copyOf(feeds);
    }

    /**
     * A column that takes values from a sequence.
     *
     * @param partition whether the table is a partition of another one
     * @param direct whether the column holds the sequence's values as they are, so that they can be compared
     */
    public record Fed(TableName table, String column, boolean partition, boolean direct) {}

    Sequence feeding(List<Fed> others) {
        List<Fed> all = new ArrayList<>(feeds);
        for (Fed fed : others) {
            boolean known = all.stream()
                    .anyMatch(own ->
                            own.table().equals(fed.table()) && own.column().equals(fed.column()));
            if (!known) {
                all.add(fed);
            }
        }
        return new Sequence(name, increment, minimum, maximum, cycles, readable, type, start, cache, all);
    }
}
