package org.pgrehearse.verifier.catalog;

import java.util.Collection;
import java.util.Comparator;

/** The existing name that a mistyped one probably means. */
final class Nearest {
    private static final int DISTANCE_MAX = 3;
    private static final int CHARACTERS_MAX = 200;

    private Nearest() {}

    /** A question such as {@code Did you mean public.orders?} with a blank before it; empty when nothing is near. */
    static String hint(String mistyped, Collection<String> existing) {
        return existing.stream()
                .filter(name -> distance(mistyped, name) <= DISTANCE_MAX)
                .min(Comparator.comparingInt(name -> distance(mistyped, name)))
                .map(name -> " Did you mean " + name + "?")
                .orElse("");
    }

    /** Levenshtein's: letters to insert, remove or replace. */
    static int distance(String one, String other) {
        if (one.length() > CHARACTERS_MAX || other.length() > CHARACTERS_MAX) {
            return Integer.MAX_VALUE;
        }
        int[] above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
