package org.pgrehearse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.RowDifference.ColumnChange;

final class NatureTest {
    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            nullValues = "null",
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "null,'',null and the empty text",
                "'',null,null and the empty text",
                "null,a,",
                "1.0,1.00,only the numeric scale",
                "0,-0,only the sign of zero",
                "0.0,0.00,only the numeric scale",
                "1.0,2.0,",
                "'a','a ',only blanks at the end",
                "a,A,only the letters' case",
                "'{\"a\":1}','{\"a\": 1}',only blanks",
                "a,b,",
                "x,x,the same text of other bytes"
            })
    void a_difference_of_a_known_class_is_named(String source, String target, String nature) {
        assertThat(new ColumnChange("c", source, target).nature().orElse("")).isEqualTo(nature == null ? "" : nature);
    }
}
