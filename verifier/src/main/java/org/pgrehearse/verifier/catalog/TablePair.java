package org.pgrehearse.verifier.catalog;

import org.jspecify.annotations.Nullable;

/** The table of the source and the table of the target that are to hold the same; null on the side that lacks it. */
public record TablePair(
        TableName sourceName,
        TableName targetName,
        @Nullable Table source,
        @Nullable Table target) {
    private static final long BYTES_PER_PAGE = 8_192;

    /** Bytes of both tables as their servers last estimated them; may be far off. */
    public long bytesEstimated() {
        return BYTES_PER_PAGE * ((source == null ? 0 : source.pages()) + (target == null ? 0 : target.pages()));
    }
}
