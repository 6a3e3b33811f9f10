package org.pgrehearse.verifier;

import org.jspecify.annotations.Nullable;

/**
 * What was found out about one sequence.
 *
 * @param sequence qualified name
 * @param kind {@code ok}, {@code behind-source}, {@code behind-data}, {@code missing} or {@code unread}
 * @param sourceLast last value handed out on the source; null when none was or it could not be read
 * @param targetLast last value handed out on the target; null when none was or it could not be read
 * @param targetMax value furthest along in the columns of the target that the sequence feeds; null when there is none
 * @param reason why it could not be compared; null unless the verdict is inconclusive
 */
public record SequenceComparison(
        String sequence,
        Verdict verdict,
        String kind,
        @Nullable Long sourceLast,
        @Nullable Long targetLast,
        @Nullable Long targetMax,
        @Nullable String reason) {}
