package org.pgrehearse.verifier.chunk;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.snapshot.Sql;

/** A part of a table on one side. */
public sealed interface Slice {
    /** All of it. */
    record Whole() implements Slice {}

    /** The rows in a range of pages, of each partition if there are several; the last range has no end. */
    record Pages(long first, long end, boolean last) implements Slice {
        /** Whether this page is one of them, or behind the first of them where there is no end. */
        boolean reaches(long page) {
            return page >= first && (last || page < end);
        }
    }

    /**
     * The rows whose key's first column is in a range.
     *
     * @param column the first column of the key, as SQL must write it
     * @param type what its bounds are cast to; empty to leave that to the column
     * @param from the lower bound, inclusive; null when there is none
     * @param to the upper bound, exclusive; null when there is none
     */
    record Keys(
            String column,
            String type,
            @Nullable String from,
            @Nullable String to) implements Slice {
        private String bound(String text) {
            return Sql.literal(text) + (type.isEmpty() ? "" : "::" + type);
        }

        private String range() {
            String above = from == null ? "" : column + " >= " + bound(from);
            String below = to == null ? "" : column + " < " + bound(to);
            String both = above.isEmpty() || below.isEmpty() ? above + below : above + " AND " + below;
            return both.isEmpty() ? "true" : both;
        }
    }

    /** The condition that a row must meet to be in this part. */
    default String condition() {
        return switch (this) {
            case Whole() -> "true";
            case Pages(long first, long end, boolean last) ->
                "ctid >= '(" + first + ",0)'::tid" + (last ? "" : " AND ctid < '(" + end + ",0)'::tid");
            case Keys keys -> keys.range();
        };
    }
}
