package org.pgrehearse.scenarios.script;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What functions and operators make of their arguments, with pgbench's types, bounds and errors. Pure. */
final class Evaluation {
    private static final double GAUSSIAN_MIN = 2.0;
    private static final double ZIPFIAN_MIN = 1.001;
    private static final double ZIPFIAN_MAX = 1000.0;
    private static final int SHIFT_MAX = 63;

    private Evaluation() {}

    static Value apply(Function function, Value[] values, Variables variables, RandomGenerator random)
            throws EvaluationFailed {
        return switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MOD -> arithmetic(function, values[0], values[1]);
            case EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL -> comparison(function, values[0], values[1]);
            case BIT_AND -> Value.of(values[0].asInt() & values[1].asInt());
            case BIT_OR -> Value.of(values[0].asInt() | values[1].asInt());
            case BIT_XOR -> Value.of(values[0].asInt() ^ values[1].asInt());
            case SHIFT_LEFT -> Value.of(values[0].asInt() << (values[1].asInt() & SHIFT_MAX));
            case SHIFT_RIGHT -> Value.of(values[0].asInt() >> (values[1].asInt() & SHIFT_MAX));
            case NOT -> Value.of(!values[0].asBool());
            case IS -> Value.of(values[0].equals(values[1]));
            case ABS ->
                values[0] instanceof Value.Real real
                        ? Value.of(Math.abs(real.value()))
                        : Value.of(Math.absExact(bounded(values[0].asInt())));
            case DEBUG -> values[0];
            case DOUBLE -> Value.of(values[0].asReal());
            case EXP -> Value.of(Math.exp(values[0].asReal()));
            case GREATEST, LEAST -> extreme(function, values);
            case INT -> Value.of(values[0].asInt());
            case LN -> Value.of(Math.log(values[0].asReal()));
            case PI -> Value.of(Math.PI);
            case POW -> Value.of(Math.pow(values[0].asReal(), values[1].asReal()));
            case SQRT -> Value.of(Math.sqrt(values[0].asReal()));
            case HASH_FNV1A -> Value.of(Hashes.fnv1a(values[0].asInt(), seed(values, variables)));
            case HASH_MURMUR2 -> Value.of(Hashes.murmur2(values[0].asInt(), seed(values, variables)));
            case PERMUTE -> permute(values, variables);
            case RANDOM, RANDOM_EXPONENTIAL, RANDOM_GAUSSIAN, RANDOM_HOTSPOT, RANDOM_LATEST, RANDOM_ZIPFIAN ->
                random(function, values, random);
            case AND, OR -> throw new IllegalStateException(function + " is evaluated lazily");
        };
    }

    private static long bounded(long value) throws EvaluationFailed {
        if (value == Long.MIN_VALUE) {
            throw new EvaluationFailed("bigint abs out of range");
        }
        return value;
    }

    private static Value arithmetic(Function function, Value left, Value right) throws EvaluationFailed {
        if (function != Function.MOD && anyReal(left, right)) {
            double a = left.asReal();
            double b = right.asReal();
            return switch (function) {
                case ADD -> Value.of(a + b);
                case SUBTRACT -> Value.of(a - b);
                case MULTIPLY -> Value.of(a * b);
                default -> Value.of(a / b);
            };
        }
        return exact(function, left.asInt(), right.asInt());
    }

    private static Value exact(Function function, long a, long b) throws EvaluationFailed {
        if ((function == Function.DIVIDE || function == Function.MOD) && b == 0) {
            throw new EvaluationFailed("division by zero");
        }
        try {
            return switch (function) {
                case ADD -> Value.of(Math.addExact(a, b));
                case SUBTRACT -> Value.of(Math.subtractExact(a, b));
                case MULTIPLY -> Value.of(Math.multiplyExact(a, b));
                case DIVIDE -> Value.of(Math.divideExact(a, b));
                default -> Value.of(a % b);
            };
        } catch (ArithmeticException e) {
            throw new EvaluationFailed("bigint out of range");
        }
    }

    private static Value comparison(Function function, Value left, Value right) throws EvaluationFailed {
        if (anyReal(left, right)) {
            double a = left.asReal();
            double b = right.asReal();
            return switch (function) {
                case EQUAL -> Value.of(a == b);
                case UNEQUAL -> Value.of(a != b);
                case LESS -> Value.of(a < b);
                default -> Value.of(a <= b);
            };
        }
        int order = Long.compare(left.asInt(), right.asInt());
        return switch (function) {
            case EQUAL -> Value.of(order == 0);
            case UNEQUAL -> Value.of(order != 0);
            case LESS -> Value.of(order < 0);
            default -> Value.of(order <= 0);
        };
    }

    private static Value extreme(Function function, Value[] values) throws EvaluationFailed {
        boolean greatest = function == Function.GREATEST;
        if (anyReal(values)) {
            double result = values[0].asReal();
            for (Value value : values) {
                result = greatest ? Math.max(result, value.asReal()) : Math.min(result, value.asReal());
            }
            return Value.of(result);
        }
        long result = values[0].asInt();
        for (Value value : values) {
            result = greatest ? Math.max(result, value.asInt()) : Math.min(result, value.asInt());
        }
        return Value.of(result);
    }

    private static boolean anyReal(Value... values) {
        for (Value value : values) {
            if (value instanceof Value.Real) {
                return true;
            }
        }
        return false;
    }

    private static Value permute(Value[] values, Variables variables) throws EvaluationFailed {
        long size = values[1].asInt();
        require(size > 0, "permute size parameter must be greater than zero");
        long seed = seed(Arrays.copyOfRange(values, 1, values.length), variables);
        return Value.of(Permutation.of(values[0].asInt(), size, seed));
    }

    private static long seed(Value[] values, Variables variables) throws EvaluationFailed {
        return values.length > 1
                ? values[1].asInt()
                : variables.find(Variables.DEFAULT_SEED).orElse(Value.of(0)).asInt();
    }

    private static Value random(Function function, Value[] values, RandomGenerator random) throws EvaluationFailed {
        long min = values[0].asInt();
        long max = values[1].asInt();
        if (min > max) {
            throw new EvaluationFailed("empty range given to random");
        }
        if (max - min < 0 || max - min == Long.MAX_VALUE) {
            throw new EvaluationFailed("random range is too large");
        }
        if (function == Function.RANDOM) {
            return Value.of(Distributions.uniform(random, min, max));
        }
        double parameter = values[2].asReal();
        return switch (function) {
            case RANDOM_GAUSSIAN -> {
                require(parameter >= GAUSSIAN_MIN, "gaussian parameter must be at least " + GAUSSIAN_MIN);
                yield Value.of(Distributions.gaussian(random, min, max, parameter));
            }
            case RANDOM_ZIPFIAN, RANDOM_LATEST -> {
                require(
                        parameter >= ZIPFIAN_MIN && parameter <= ZIPFIAN_MAX,
                        "zipfian parameter must be in range [1.001, 1000]");
                yield Value.of(
                        function == Function.RANDOM_LATEST
                                ? Distributions.latest(random, min, max, parameter)
                                : Distributions.zipfian(random, min, max, parameter));
            }
            case RANDOM_HOTSPOT -> {
                double chance = values[3].asReal();
                require(parameter > 0 && parameter < 1, "the hot share must be above 0 and below 1");
                require(chance >= 0 && chance <= 1, "the chance of the hot share must be from 0 to 1");
                yield Value.of(Distributions.hotspot(random, min, max, parameter, chance));
            }
            default -> {
                require(parameter > 0, "exponential parameter must be greater than zero");
                yield Value.of(Distributions.exponential(random, min, max, parameter));
            }
        };
    }

    private static void require(boolean holds, String otherwise) throws EvaluationFailed {
        if (!holds) {
            throw new EvaluationFailed(otherwise);
        }
    }
}
