package org.pgrehearse.reports.invariant;

import java.util.List;
import java.util.Locale;

/**
 * What became of the invariants that a load keeps. Immutable.
 *
 * @param checks one entry for each invariant that was ever read, those that were never broken included
 */
public record Invariants(List<Check> checks) {
    public Invariants {
        checks = List.copyOf(checks);
    }

    /** The kinds of invariants. */
    public enum Kind {
        /** The sum over a table is the same in every snapshot. */
        TOTAL,
        /** Two tables that are written in the same transactions hold the same. */
        TWINS,
        /** A sequence never hands out a number again that was acknowledged before. */
        SEQUENCE;

        /** The word for a reader, such as {@code total}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How often invariants of a kind were read. */
    public long readings(Kind kind) {
        return checks.stream()
                .filter(check -> check.kind() == kind)
                .mapToLong(Check::readings)
                .sum();
    }

    /** How often invariants of a kind were found broken. */
    public long broken(Kind kind) {
        return checks.stream()
                .filter(check -> check.kind() == kind)
                .mapToLong(Check::broken)
                .sum();
    }

    /**
     * One invariant.
     *
     * @param name of the table, the pair or the sequence
     * @param readings how often it was looked at: snapshots, or acknowledged numbers
     * @param broken in how many of them it did not hold
     * @param baseline how many of those were over before the migration began, in the warm-up
     * @param cases the first, the worst and the last of them, each once
     */
    public record Check(Kind kind, String name, long readings, long broken, long baseline, List<Case> cases) {
        public Check {
            cases = List.copyOf(cases);
        }
    }

    /**
     * One reading that broke an invariant.
     *
     * @param which {@code first}, {@code worst} or {@code last}
     */
    public record Case(String which, long atNanos, String text) {}
}
