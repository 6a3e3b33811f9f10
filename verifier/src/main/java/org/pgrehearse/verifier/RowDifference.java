package org.pgrehearse.verifier;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row that differs, with the values that a reader needs to find it. */
public sealed interface RowDifference {
    /** A row of the source that the target lacks. */
    record Missing(List<Cell> key) implements RowDifference {
        public Missing {
            key = List.copyOf(key);
        }
    }

    /** A row of the target that the source lacks. */
    record Unexpected(List<Cell> key) implements RowDifference {
        public Unexpected {
            key = List.copyOf(key);
        }
    }

    /** A row that both sides hold under the same key with other values. */
    record Changed(List<Cell> key, List<ColumnChange> columns) implements RowDifference {
        public Changed {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
        }
    }

    /** A row of a table without a key, held a different number of times. */
    record Occurrences(List<Cell> row, long sourceCount, long targetCount) implements RowDifference {
        public Occurrences {
            row = List.copyOf(row);
        }
    }

    /** A column's value as text, cut where it is long; null is SQL's NULL. */
    record Cell(String column, @Nullable String value) {}

    /**
     * A column whose values differ.
     *
     * @param source the value as text, cut where it is long; null is SQL's NULL
     * @param target the same of the target
     * @param likeness the known class that the change belongs to, such as {@code only the numeric scale}; null if none
     * @param region where long values differ first; null when they are short or it was not looked for
     */
    record ColumnChange(
            String name,
            @Nullable String source,
            @Nullable String target,
            @Nullable String likeness,
            @Nullable Region region) {
        /** A change between two values that are given whole. */
        public ColumnChange(String name, @Nullable String source, @Nullable String target) {
            this(
                    name,
                    source,
                    target,
                    Nature.of(source, target).orElse(null),
                    source == null || target == null
                            ? null
                            : Region.of(source, target).orElse(null));
        }

        /** The known class that this change belongs to, if it does. */
        public Optional<String> nature() {
            return Optional.ofNullable(likeness);
        }
    }

    /**
     * Where two long values differ first, with what surrounds the place.
     *
     * @param position of the first difference, counted from 1
     * @param unit what positions and lengths count: {@code characters} or {@code bytes}
     * @param source what the source holds there, from a little before the position on
     * @param target what the target holds there
     */
    record Region(long position, String unit, long sourceLength, long targetLength, String source, String target) {
        private static final int LONG_CHARACTERS_MIN = 120;
        private static final int BEFORE_MAX = 20;
        private static final int AFTER_MAX = 60;

        /** The region of two values that are given whole; empty when both are short or equal. */
        public static Optional<Region> of(String source, String target) {
            boolean isShort = Math.max(source.length(), target.length()) < LONG_CHARACTERS_MIN;
            return isShort || source.equals(target)
                    ? Optional.empty()
                    : Optional.of(within(
                            0,
                            "characters",
                            source.codePointCount(0, source.length()),
                            target.codePointCount(0, target.length()),
                            source,
                            target));
        }

        /**
         * The region within two parts that begin at the same place of longer values.
         *
         * @param before units of the values before these parts
         */
        public static Region within(
                long before, String unit, long sourceLength, long targetLength, String source, String target) {
            int[] left = source.codePoints().toArray();
            int[] right = target.codePoints().toArray();
            int mismatch = Arrays.mismatch(left, right);
            int at = mismatch < 0 ? left.length : mismatch;
            return new Region(before + at + 1, unit, sourceLength, targetLength, around(left, at), around(right, at));
        }

        private static String around(int[] points, int at) {
            int from = Math.max(0, Math.min(at, points.length) - BEFORE_MAX);
            int to = Math.min(points.length, at + AFTER_MAX);
            return new String(points, from, Math.max(0, to - from));
        }
    }
}
