package org.pgrehearse.verifier.rows;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;

/** The order in which differences are listed: by key, numbers as numbers. */
final class KeyOrder implements Comparator<RowDifference> {
    private static final int DIGITS_MAX = 60;

    @Override
    public int compare(RowDifference one, RowDifference other) {
        List<Cell> left = cells(one);
        List<Cell> right = cells(other);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compare(left.get(i).value(), right.get(i).value());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static List<Cell> cells(RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing missing -> missing.key();
            case RowDifference.Unexpected unexpected -> unexpected.key();
            case RowDifference.Changed changed -> changed.key();
            case RowDifference.Occurrences occurrences -> occurrences.row();
        };
    }

    private static int compare(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return Boolean.compare(left == null, right == null);
        }
        Optional<BigDecimal> leftNumber = number(left);
        Optional<BigDecimal> rightNumber = number(right);
        if (leftNumber.isPresent() && rightNumber.isPresent()) {
            return leftNumber.get().compareTo(rightNumber.get());
        }
        // Numbers before texts, or the order would not be transitive.
        return leftNumber.isPresent() != rightNumber.isPresent()
                ? Boolean.compare(rightNumber.isPresent(), leftNumber.isPresent())
                : left.compareTo(right);
    }

    private static Optional<BigDecimal> number(String text) {
        return text.length() <= DIGITS_MAX && text.matches("-?\\d+(\\.\\d+)?")
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }
}
