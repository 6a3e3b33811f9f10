package org.pgrehearse.verifier;

import org.jspecify.annotations.Nullable;

/**
 * What was found out about one sequence.
 *
 * @param sequence qualified name
 * @param kind {@code ok}, {@code behind-source}, {@code behind-data}, {@code would-collide}, {@code exhausted},
 *     {@code different}, {@code missing}, {@code unexpected} or {@code unread}
 * @param sourceLast last value handed out on the source; null when none was or it could not be read
 * @param targetLast last value handed out on the target; null when none was or it could not be read
 * @param targetMax value furthest along in the columns of the target that the sequence feeds; null when there is none
 * @param reason why it could not be compared; null unless the verdict is inconclusive
 * @param targetNext value that the next session on the target gets; null when there is none or it could not be read
 * @param nextExists whether a column fed by the sequence already holds {@code targetNext}; null when not looked for
 * @param detail how the definitions differ and what could not be looked at, as text; null when there is nothing to say
 */
public record SequenceComparison(
        String sequence,
        Verdict verdict,
        String kind,
        @Nullable Long sourceLast,
        @Nullable Long targetLast,
        @Nullable Long targetMax,
        @Nullable String reason,
        @Nullable Long targetNext,
        @Nullable Boolean nextExists,
        @Nullable String detail) {
    /** A result without what the next value would meet. */
    public SequenceComparison(
            String sequence,
            Verdict verdict,
            String kind,
            @Nullable Long sourceLast,
            @Nullable Long targetLast,
            @Nullable Long targetMax,
            @Nullable String reason) {
        this(sequence, verdict, kind, sourceLast, targetLast, targetMax, reason, null, null, null);
    }
}
