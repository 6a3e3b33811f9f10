package org.pgrehearse.verifier.digest;

/** An expression that two values share exactly when they are the same. {@code %s} stands for the column. */
sealed interface Form {
    /** The SQL of it. */
    String template();

    /** The expression over this column. */
    default String of(String column) {
        return template().replace("%s", column);
    }

    /**
     * A hash by itself: of type bigint, null for nothing but a null, and without any pattern that the same hash with
     * another seed could undo. {@code %h} stands for the seed.
     */
    record Hash(String template) implements Form {
        String of(String column, long seed) {
            return template.replace("%h", Long.toString(seed)).replace("%s", column);
        }
    }

    /** A value whose type's own hash tells all different values apart. */
    record Value(String template) implements Form {}
}
