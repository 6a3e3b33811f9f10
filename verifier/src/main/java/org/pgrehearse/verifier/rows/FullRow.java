package org.pgrehearse.verifier.rows;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.digest.Digest;

/**
 * A row with its values as text.
 *
 * @param key texts of the key's columns; null is SQL's NULL
 * @param values texts of all columns
 * @param hashes of each column
 */
record FullRow(long locator, long hash, List<@Nullable String> key, List<@Nullable String> values, List<Long> hashes) {

    static FullRow read(ResultSet row) throws SQLException {
        return new FullRow(
                row.getLong(1), row.getLong(2), texts(row.getArray(3)), texts(row.getArray(4)), List.of((Long[])
                        row.getArray(5).getArray()));
    }

    private static List<@Nullable String> texts(Array array) throws SQLException {
        @Nullable String[] elements = (@Nullable String[]) array.getArray();
        List<@Nullable String> texts = new ArrayList<>(elements.length);
        for (@Nullable String element : elements) {
            texts.add(element);
        }
        return Collections.unmodifiableList(texts);
    }

    List<Cell> keyCells(List<Digest.Pair> columns) {
        return cells(columns, key);
    }

    List<Cell> valueCells(List<Digest.Pair> columns) {
        return cells(columns, values);
    }

    private static List<Cell> cells(List<Digest.Pair> columns, List<@Nullable String> texts) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(new Cell(columns.get(i).name(), texts.get(i)));
        }
        return cells;
    }
}
