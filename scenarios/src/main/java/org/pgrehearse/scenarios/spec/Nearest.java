package org.pgrehearse.scenarios.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that a misspelled one most likely was meant to be. */
public final class Nearest {
    private static final int DISTANCE_MAX = 3;

    private Nearest() {}

    /** The nearest of the known words by edit distance, when one is near enough to be worth suggesting. */
    public static Optional<String> to(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= Math.min(DISTANCE_MAX, (word.length() + 1) / 2))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** Levenshtein's distance, by the two-row method of Wagner and Fischer. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        int[] current = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int substitution = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            System.arraycopy(current, 0, previous, 0, current.length);
        }
        return previous[right.length()];
    }
}
