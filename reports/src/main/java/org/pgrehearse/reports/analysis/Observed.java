package org.pgrehearse.reports.analysis;

/** What was seen of the thing that an expectation speaks of. */
sealed interface Observed {
    /** A number, exactly. */
    record Exactly(long value) implements Observed {}

    /** A number that may in truth be greater, and why. */
    record AtLeast(long value, String reason) implements Observed {}

    /** A word, such as {@code consistent}. */
    record Word(String word) implements Observed {}

    /** Nothing that could prove or refute, and why. */
    record Nothing(String text, String reason) implements Observed {}
}
