package org.pgrehearse.verifier.catalog;

import org.jspecify.annotations.Nullable;

/** The table of the source and the table of the target that are to hold the same; null on the side that lacks it. */
public record TablePair(
        TableName sourceName,
        TableName targetName,
        @Nullable Table source,
        @Nullable Table target) {}
