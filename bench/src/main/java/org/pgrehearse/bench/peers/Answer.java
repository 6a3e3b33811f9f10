package org.pgrehearse.bench.peers;

/** What a tool said about two tables. */
sealed interface Answer {
    /** It counted the rows that differ, by kind. */
    record Counted(ExpectedDifferences found) implements Answer {}

    /** It can only tell whether the tables differ. */
    record Told(boolean differ) implements Answer {}

    /** It gave no answer. */
    record None(String reason) implements Answer {}

    /** Whether this is the truth. */
    default boolean isRight(ExpectedDifferences expected) {
        return switch (this) {
            case Counted counted -> counted.found().equals(expected);
            case Told told -> told.differ() == (expected.total() > 0);
            case None none -> false;
        };
    }

    /** A few words for a cell of a table. */
    default String words() {
        return switch (this) {
            case Counted(ExpectedDifferences found) ->
                found.total() == 0
                        ? "0"
                        : "%d: %d missing, %d unexpected, %d changed"
                                .formatted(found.total(), found.missing(), found.unexpected(), found.changed());
            case Told told -> told.differ() ? "differ" : "equal";
            case None none -> "nothing: " + none.reason();
        };
    }
}
