package org.pgrehearse.scenarios.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumberMaskTest {
    private final NumberMask numbers = new NumberMask("0123456789abcdef".getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @CsvSource({"100, 999", "1000, 9999", "10000, 32767", "32768, 99999"})
    void numbers_of_a_range_are_permuted(int first, int last) {
        Set<Long> masks = new HashSet<>();
        IntStream.rangeClosed(first, last)
                .forEach(number -> masks.add(Long.valueOf(numbers.mask(Integer.toString(number)))));

        assertThat(masks).hasSize(last - first + 1).allMatch(mask -> mask >= first && mask <= last);
        assertThat(IntStream.rangeClosed(first, last)
                        .filter(number -> numbers.mask(Integer.toString(number)).equals(Integer.toString(number)))
                        .count())
                .isLessThan(20);
    }

    @ParameterizedTest
    @CsvSource({
        "1000000000, 1000000000, 2147483647",
        "2147483647, 1000000000, 2147483647",
        "2147483648, 2147483648, 9999999999",
        "999999999999999999, 100000000000000000, 999999999999999999",
        "123456789012345678, 100000000000000000, 999999999999999999"
    })
    void a_number_stays_in_its_type(String number, long least, long most) {
        assertThat(Long.parseLong(numbers.mask(number))).isBetween(least, most);
        assertThat(numbers.mask("-" + number)).isEqualTo("-" + numbers.mask(number));
    }

    @Test
    void another_key_gives_another_mask_and_the_same_key_the_same() {
        NumberMask again = new NumberMask("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        NumberMask other = new NumberMask("another key, 16 b".getBytes(StandardCharsets.UTF_8));

        assertThat(again.mask("123456789")).isEqualTo(numbers.mask("123456789"));
        assertThat(other.mask("123456789")).isNotEqualTo(numbers.mask("123456789"));
    }
}
