package org.pgrehearse.scenarios.script;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/** The value of an expression or a variable, with pgbench's types and conversions. */
public sealed interface Value {
    /** No value. */
    static Value none() {
        return new Null();
    }

    /** A 64-bit integer. */
    static Value of(long value) {
        return new Int(value);
    }

    /** A double. */
    static Value of(double value) {
        return new Real(value);
    }

    /** A boolean. */
    static Value of(boolean value) {
        return new Bool(value);
    }

    /** A text, as a query or a definition gave it. */
    static Value of(String text) {
        return new Text(text);
    }

    /** What replaces {@code :name} in a statement. */
    String text();

    /** The value as expressions see it: a text becomes what it looks like. */
    Value typed() throws EvaluationFailed;

    /** As an integer; a double is rounded to the nearest, halves to the even one. */
    default long asInt() throws EvaluationFailed {
        return switch (typed()) {
            case Int value -> value.value();
            case Real value -> rounded(value.value());
            case Bool value -> throw new EvaluationFailed("cannot coerce boolean to an integer");
            case Null value -> throw new EvaluationFailed("cannot coerce null to an integer");
            case Text value -> throw new IllegalStateException("a typed value is a text: " + value);
        };
    }

    /** As a double. */
    default double asReal() throws EvaluationFailed {
        return switch (typed()) {
            case Int value -> value.value();
            case Real value -> value.value();
            case Bool value -> throw new EvaluationFailed("cannot coerce boolean to double");
            case Null value -> throw new EvaluationFailed("cannot coerce null to double");
            case Text value -> throw new IllegalStateException("a typed value is a text: " + value);
        };
    }

    /** As a boolean, which nothing else is turned into. */
    default boolean asBool() throws EvaluationFailed {
        if (typed() instanceof Bool value) {
            return value.value();
        }
        throw new EvaluationFailed("cannot coerce " + text() + " to boolean");
    }

    /** Whether {@code \if} takes its branch: true, or a number other than zero. */
    default boolean isTrue() throws EvaluationFailed {
        return switch (typed()) {
            case Int value -> value.value() != 0;
            case Real value -> value.value() != 0.0;
            case Bool value -> value.value();
            case Null value -> false;
            case Text value -> throw new IllegalStateException("a typed value is a text: " + value);
        };
    }

    private static long rounded(double value) throws EvaluationFailed {
        double rounded = Math.rint(value);
        if (Double.isNaN(rounded) || rounded < -0x1p63 || rounded >= 0x1p63) {
            throw new EvaluationFailed("double to int overflow for " + value);
        }
        return (long) rounded;
    }

    /** SQL's NULL. */
    record Null() implements Value {
        @Override
        public String text() {
            return "NULL";
        }

        @Override
        public Value typed() {
            return this;
        }
    }

    /** An integer. */
    record Int(long value) implements Value {
        @Override
        public String text() {
            return Long.toString(value);
        }

        @Override
        public Value typed() {
            return this;
        }
    }

    /** A double. */
    record Real(double value) implements Value {
        private static final int DIGITS = 15;
        private static final int EXPONENT_MIN = -4;

        /** As C's {@code %.15g} writes it. */
        @Override
        public String text() {
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
            }
            if (value == 0.0) {
                return Double.compare(value, 0.0) < 0 ? "-0" : "0";
            }
            BigDecimal rounded = new BigDecimal(value)
                    .round(new MathContext(DIGITS, RoundingMode.HALF_EVEN))
                    .stripTrailingZeros();
            int exponent = rounded.precision() - rounded.scale() - 1;
            if (exponent >= EXPONENT_MIN && exponent < DIGITS) {
                return rounded.toPlainString();
            }
            return rounded.movePointLeft(exponent).toPlainString()
                    + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }

        @Override
        public Value typed() {
            return this;
        }
    }

    /** A boolean. */
    record Bool(boolean value) implements Value {
        @Override
        public String text() {
            return Boolean.toString(value);
        }

        @Override
        public Value typed() {
            return this;
        }
    }

    /** A text. */
    record Text(String text) implements Value {
        private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,19}");
        private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

        @Override
        public Value typed() throws EvaluationFailed {
            String word = text.strip().toLowerCase(Locale.ROOT);
            return switch (word) {
                case "null", "" -> none();
                case "true", "t", "yes", "y", "on" -> of(true);
                case "false", "f", "no", "n", "off" -> of(false);
                default -> number(word);
            };
        }

        private Value number(String word) throws EvaluationFailed {
            try {
                if (INTEGER.matcher(word).matches()) {
                    return of(Long.parseLong(word));
                }
            } catch (NumberFormatException e) {
                throw new EvaluationFailed("integer \"" + text + "\" is out of range");
            }
            if (NUMBER.matcher(word).matches()) {
                return of(Double.parseDouble(word));
            }
            throw new EvaluationFailed("malformed value \"" + text + "\": it is no number, boolean or null");
        }
    }
}
