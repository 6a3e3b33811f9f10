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
 * A row with its values as text, cut where they are long.
 *
 * @param key texts of the key's columns; null is SQL's NULL
 * @param values texts of all columns
 * @param lengths characters or bytes of all columns before they were cut
 * @param hashes of each column
 * @param place its address on its side
 */
record FullRow(
        long locator,
        long hash,
        List<@Nullable String> key,
        List<@Nullable String> values,
        List<@Nullable Long> lengths,
        List<Long> hashes,
        String place) {

    static FullRow read(ResultSet row) throws SQLException {
        return new FullRow(
                row.getLong(1),
                row.getLong(2),
                texts(row.getArray(3)),
                texts(row.getArray(4)),
                numbers(row.getArray(5)),
                List.of((Long[]) row.getArray(6).getArray()),
                row.getString(7));
    }

    private static List<@Nullable String> texts(Array array) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>();
        for (@Nullable String element : (@Nullable String[]) array.getArray()) {
            texts.add(element);
        }
        return Collections.unmodifiableList(texts);
    }

    private static List<@Nullable Long> numbers(Array array) throws SQLException {
        List<@Nullable Long> numbers = new ArrayList<>();
        for (@Nullable Long element : (@Nullable Long[]) array.getArray()) {
            numbers.add(element);
        }
        return Collections.unmodifiableList(numbers);
    }

    /** Whether the value of this column is longer than what was fetched of it. */
    boolean cut(int column, int charactersMax) {
        Long length = lengths.get(column);
        return length != null && length > charactersMax;
    }

    /** The value of this column as a reader sees it: where it was cut, its length is told. */
    @Nullable
    String shown(int column, int charactersMax, boolean binary) {
        String value = values.get(column);
        return value != null && cut(column, charactersMax)
                ? value + "… (" + lengths.get(column) + (binary ? " bytes)" : " characters)")
                : value;
    }

    List<Cell> keyCells(List<Digest.Pair> columns) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(new Cell(columns.get(i).name(), key.get(i)));
        }
        return cells;
    }

    List<Cell> valueCells(List<Digest.Pair> columns, int charactersMax) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Digest.Pair column = columns.get(i);
            cells.add(new Cell(column.name(), shown(i, charactersMax, column.binary())));
        }
        return cells;
    }
}
