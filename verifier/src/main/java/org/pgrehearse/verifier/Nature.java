package org.pgrehearse.verifier;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The known classes of differences between two values, told from their texts. */
final class Nature {
    private static final int DIGITS_MAX = 1_000;

    private Nature() {}

    static Optional<String> of(@Nullable String source, @Nullable String target) {
        if (source == null || target == null) {
            return "".equals(source) || "".equals(target) ? Optional.of("null and the empty text") : Optional.empty();
        }
        if (source.equals(target)) {
            return Optional.of("the same text of other bytes");
        }
        if (isZero(source) && isZero(target) && source.startsWith("-") != target.startsWith("-")) {
            return Optional.of("only the sign of zero");
        }
        if (isNumber(source) && isNumber(target)) {
            boolean equal = new BigDecimal(source).compareTo(new BigDecimal(target)) == 0;
            return equal ? Optional.of("only the numeric scale") : Optional.empty();
        }
        if (source.stripTrailing().equals(target.stripTrailing())) {
            return Optional.of("only blanks at the end");
        }
        if (source.equalsIgnoreCase(target)) {
            return Optional.of("only the letters' case");
        }
        boolean sameButBlanks = source.replaceAll("\\s", "").equals(target.replaceAll("\\s", ""));
        return sameButBlanks ? Optional.of("only blanks") : Optional.empty();
    }

    private static boolean isNumber(String text) {
        return text.length() <= DIGITS_MAX && text.matches("-?\\d+(\\.\\d+)?");
    }

    private static boolean isZero(String text) {
        return text.length() <= DIGITS_MAX && text.matches("-?0+(\\.0+)?");
    }
}
