package org.pgrehearse.verifier.live;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;

/**
 * The keys of one table that differ, and which of them a change may explain. Holds no key but those. Used by one
 * thread.
 *
 * <p>Keys are compared by the beginnings of their texts. That two keys may begin alike makes a difference unresolved
 * that could have been proven, never the reverse.
 */
final class Suspects {
    private static final int KEY_CHARACTERS_MAX = 100;

    private final List<String> columns;
    private final Map<String, Integer> targetTypes;
    private final Set<List<String>> keys;
    private final Set<List<String>> touched = new HashSet<>();
    private boolean changed;
    private boolean all;

    /**
     * The suspects among these differences.
     *
     * @param targetTypes OIDs of the types of the target's columns by name
     */
    Suspects(List<RowDifference> differences, Map<String, Integer> targetTypes) {
        this.columns = key(differences.getFirst()).stream().map(Cell::column).toList();
        this.targetTypes = targetTypes;
        this.keys = differences.stream().map(Suspects::identity).collect(Collectors.toSet());
    }

    /** The columns of the key, in its order; none when the table has no key. */
    List<String> columns() {
        return columns;
    }

    /** OID of the type of a column of the target; 0 when it has no such column. */
    int targetType(String column) {
        return targetTypes.getOrDefault(column, 0);
    }

    /** A row of this key changed. */
    void touch(List<String> key) {
        changed = true;
        List<String> cut = key.stream().map(Suspects::cut).toList();
        if (keys.contains(cut)) {
            touched.add(cut);
        }
    }

    /** Some row changed, and it cannot be told which. */
    void touchAny() {
        changed = true;
        all = true;
    }

    /** Whether a change may explain this difference. */
    boolean explained(RowDifference difference) {
        return all || (changed && columns.isEmpty()) || touched.contains(identity(difference));
    }

    /** What tells the row of a difference from other rows with a key. */
    static List<String> identity(RowDifference difference) {
        return key(difference).stream()
                .map(cell -> cut(String.valueOf(cell.value())))
                .toList();
    }

    private static List<Cell> key(RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing missing -> missing.key();
            case RowDifference.Unexpected unexpected -> unexpected.key();
            case RowDifference.Changed row -> row.key();
            case RowDifference.Occurrences _row -> List.of();
        };
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= KEY_CHARACTERS_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, KEY_CHARACTERS_MAX));
    }
}
