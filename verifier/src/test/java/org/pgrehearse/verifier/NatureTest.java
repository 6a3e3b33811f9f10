package org.pgrehearse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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
                "'{\"a\":1}','{\"a\": 1}',only blanks of JSON",
                "'{\"a\":1, \"b\":[1,2]}','{\"b\": [1, 2], \"a\":1}',only the order of JSON keys",
                "'[1,2]','[2,1]',",
                "'[\"a b\"]','[\"ab\"]',only blanks",
                "'[1,','[1, ',only blanks at the end",
                "a b,ab,only blanks",
                "2026-01-01 10:00:00+01,2026-01-01 09:00:00+00,only the time zone of display",
                "2026-01-01 10:00:00+01,2026-01-01 10:00:00+00,",
                "10:00:00+05:30,04:30:00+00,only the time zone of display",
                "10:00:00,10:00:01,",
                "a,b,",
                "x,x,the same text of other bytes"
            })
    void a_difference_of_a_known_class_is_named(String source, String target, String nature) {
        assertThat(new ColumnChange("c", source, target).nature().orElse("")).isEqualTo(nature == null ? "" : nature);
    }

    @Test
    void ends_of_lines_and_normalization_are_named() {
        assertThat(new ColumnChange("c", "a\r\nb", "a\nb").nature()).contains("only the ends of lines");
        assertThat(new ColumnChange("c", "caf\u00e9", "cafe\u0301").nature())
                .contains("only the Unicode normalization");
        assertThat(new ColumnChange("c", "caf\u00e9", "cafe").nature()).isEmpty();
    }

    @Test
    void long_values_tell_where_they_differ_first() {
        String same = "x".repeat(500);
        ColumnChange change = new ColumnChange("c", same + "😀left", same + "😀right" + same);
        assertThat(change.region())
                .isEqualTo(new RowDifference.Region(
                        502,
                        "characters",
                        505,
                        1006,
                        "x".repeat(19) + "😀left",
                        "x".repeat(19) + "😀right" + "x".repeat(55)));
        assertThat(new ColumnChange("c", same, same + "more").region())
                .isEqualTo(
                        new RowDifference.Region(501, "characters", 500, 504, "x".repeat(20), "x".repeat(20) + "more"));
        assertThat(new ColumnChange("c", "short", "other").region()).isNull();
        assertThat(new ColumnChange("c", same, null).region()).isNull();
    }
}
