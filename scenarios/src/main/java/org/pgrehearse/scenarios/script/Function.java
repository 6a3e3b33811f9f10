package org.pgrehearse.scenarios.script;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The functions and operators of pgbench's expressions, and two distributions that it lacks. */
public enum Function {
    ADD(2),
    SUBTRACT(2),
    MULTIPLY(2),
    DIVIDE(2),
    MOD(2, "mod"),
    EQUAL(2),
    UNEQUAL(2),
    LESS(2),
    LESS_OR_EQUAL(2),
    BIT_AND(2),
    BIT_OR(2),
    BIT_XOR(2),
    SHIFT_LEFT(2),
    SHIFT_RIGHT(2),
    AND(2),
    OR(2),
    NOT(1),
    /** Whether two values are the same literal: {@code IS NULL}, {@code IS TRUE}. */
    IS(2),
    ABS(1, "abs"),
    /** Its argument; what pgbench prints for it is not printed. */
    DEBUG(1, "debug"),
    DOUBLE(1, "double"),
    EXP(1, "exp"),
    GREATEST(-1, "greatest"),
    LEAST(-1, "least"),
    HASH_FNV1A(1, 2, "hash_fnv1a"),
    HASH_MURMUR2(1, 2, "hash_murmur2", "hash"),
    INT(1, "int"),
    LN(1, "ln"),
    PI(0, "pi"),
    PERMUTE(2, 3, "permute"),
    POW(2, "pow", "power"),
    RANDOM(2, "random"),
    RANDOM_EXPONENTIAL(3, "random_exponential"),
    RANDOM_GAUSSIAN(3, "random_gaussian"),
    /** Not pgbench's: a few keys get most draws. */
    RANDOM_HOTSPOT(4, "random_hotspot"),
    /** Not pgbench's: zipfian from the upper end, where the newest keys are. */
    RANDOM_LATEST(3, "random_latest"),
    RANDOM_ZIPFIAN(3, "random_zipfian"),
    SQRT(1, "sqrt");

    private static final int ARGUMENTS_MAX = 16;

    private final int argumentsMin;
    private final int argumentsMax;
    private final String names;

    Function(int arguments, String... names) {
        this(arguments < 0 ? 1 : arguments, arguments < 0 ? ARGUMENTS_MAX : arguments, names);
    }

    Function(int argumentsMin, int argumentsMax, String... names) {
        this.argumentsMin = argumentsMin;
        this.argumentsMax = argumentsMax;
        this.names = " " + String.join(" ", names) + " ";
    }

    /** The one that is called by this name, in any case. */
    static Optional<Function> named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(each -> each.names.contains(" " + lower + " "))
                .findFirst();
    }

    boolean takes(int arguments) {
        return arguments >= argumentsMin && arguments <= argumentsMax;
    }
}
