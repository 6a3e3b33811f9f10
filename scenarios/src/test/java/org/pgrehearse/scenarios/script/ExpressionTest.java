package org.pgrehearse.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExpressionTest {
    /** What {@code pgbench} 15 printed for {@code \set a debug(…)}. */
    private static final Map<String, String> OF_PGBENCH = Map.ofEntries(
            Map.entry("hash_fnv1a(10, 5432)", "-7793829335365542153"),
            Map.entry("hash_murmur2(10, 5432)", "-5817877081768721676"),
            Map.entry("hash(-7, 123456789)", "2676269244706528868"),
            Map.entry("2 + 3 * 4 - 10 / 3 % 2", "13"),
            Map.entry("- 2 - -3", "1"),
            Map.entry("1 | 6 & 3 # 8", "11"),
            Map.entry("1 << 3 + 1", "16"),
            Map.entry("~ 5", "-6"),
            Map.entry("not 1 = 2 and true or null", "true"),
            Map.entry("null and false", "NULL"),
            Map.entry("case when 1 > 2 then 1 when null then 2 else 3.5 end", "3.5"),
            Map.entry("5 / 2.0", "2.5"),
            Map.entry("sqrt(2) * 1e10", "14142135623.731"),
            Map.entry("exp(1)", "2.71828182845905"),
            Map.entry("pow(2, 70)", "1.18059162071741e+21"),
            Map.entry("1e15 / 3", "333333333333333"),
            Map.entry("0.00001 * 1.0", "1e-05"),
            Map.entry("int(5.4 + 3.8)", "9"),
            Map.entry("int(2.5)", "2"),
            Map.entry("least(3, 2.5, 9)", "2.5"),
            Map.entry("greatest(3, 8, 7)", "8"),
            Map.entry("mod(-7, 3)", "-1"),
            Map.entry("-7 / 2", "-3"),
            Map.entry("abs(-17)", "17"),
            Map.entry("ln(10)", "2.30258509299405"),
            Map.entry("3 is null or 4 notnull", "true"));

    @Test
    void expressions_have_the_values_that_pgbench_gives_them() throws Exception {
        for (Map.Entry<String, String> each : OF_PGBENCH.entrySet()) {
            assertThat(value(each.getKey()).text()).as(each.getKey()).isEqualTo(each.getValue());
        }
    }

    @Test
    void variables_are_what_their_text_looks_like() throws Exception {
        Variables variables = new Variables(
                Map.of("n", Value.of("12"), "x", Value.of("1.5"), "b", Value.of("on"), "w", Value.of("w")));
        assertThat(value(":n * 2", variables)).isEqualTo(Value.of(24L));
        assertThat(value(":x * 2", variables)).isEqualTo(Value.of(3.0));
        assertThat(value("not :b", variables)).isEqualTo(Value.of(false));
        assertThat(failure(":w + 1", variables)).contains("malformed value \"w\"");
        assertThat(failure(":missing", variables)).isEqualTo("undefined variable \"missing\"");
    }

    @Test
    void what_has_no_value_says_why() {
        Variables none = new Variables(Map.of());
        assertThat(failure("1 / 0", none)).isEqualTo("division by zero");
        assertThat(failure("9223372036854775807 + 1", none)).isEqualTo("bigint out of range");
        assertThat(failure("-9223372036854775808 / -1", none)).isEqualTo("bigint out of range");
        assertThat(failure("random(2, 1)", none)).isEqualTo("empty range given to random");
        assertThat(failure("random_zipfian(1, 10, 1.0)", none)).contains("[1.001, 1000]");
        assertThat(failure("random_gaussian(1, 10, 1.9)", none)).contains("at least 2.0");
        assertThat(failure("random_latest(1, 10, 1.0)", none)).contains("[1.001, 1000]");
        assertThat(failure("random_hotspot(1, 10, 1, 0.5)", none)).contains("above 0 and below 1");
        assertThat(failure("random_hotspot(1, 10, 0.1, 2)", none)).contains("from 0 to 1");
        assertThat(failure("permute(1, 0)", none)).isEqualTo("permute size parameter must be greater than zero");
        assertThat(failure("int(1e30)", none)).contains("overflow");
        assertThat(failure("true + 1", none)).isEqualTo("cannot coerce boolean to an integer");
    }

    @Test
    void what_is_no_expression_is_refused() {
        for (String wrong : new String[] {
            "", "1 +", "(1", "1 2", "foo(1)", "permute(1)", "random(1)", "1 ? 2", "case 1 end", "is null"
        }) {
            assertThat(catchThrowableOfType(ExpressionParser.SyntaxError.class, () -> ExpressionParser.parse(wrong)))
                    .as(wrong)
                    .isNotNull();
        }
    }

    @Test
    void the_second_side_is_not_evaluated_when_the_first_decides() throws Exception {
        assertThat(value("false and 1 / 0 = 1")).isEqualTo(Value.of(false));
        assertThat(value("true or 1 / 0 = 1")).isEqualTo(Value.of(true));
    }

    private static Value value(String text) throws Exception {
        return value(text, new Variables(Map.of()));
    }

    private static Value value(String text, Variables variables) throws Exception {
        return ExpressionParser.parse(text).evaluate(variables, new SplittableRandom(1));
    }

    private static String failure(String text, Variables variables) {
        EvaluationFailed failure = catchThrowableOfType(EvaluationFailed.class, () -> value(text, variables));
        return String.valueOf(failure.getMessage());
    }
}
