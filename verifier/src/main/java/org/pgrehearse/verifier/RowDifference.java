package org.pgrehearse.verifier;

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

    /** A column's value as text; null is SQL's NULL. */
    record Cell(String column, @Nullable String value) {}

    /** A column whose values differ; null is SQL's NULL. */
    record ColumnChange(
            String name, @Nullable String source, @Nullable String target) {

        /** The known class that this change belongs to, in words such as {@code only the numeric scale}, if it does. */
        public Optional<String> nature() {
            return Nature.of(source, target);
        }
    }
}
