package org.pgrehearse.verifier.chunk;

/** A part of a table on one side. */
public sealed interface Slice {
    /** All of it. */
    record Whole() implements Slice {}

    /** The rows in a range of pages, of each partition if there are several; the last range has no end. */
    record Pages(long first, long end, boolean last) implements Slice {}

    /** The condition that a row must meet to be in this part. */
    default String condition() {
        return switch (this) {
            case Whole() -> "true";
            case Pages(long first, long end, boolean last) ->
                "ctid >= '(" + first + ",0)'::tid" + (last ? "" : " AND ctid < '(" + end + ",0)'::tid");
        };
    }
}
