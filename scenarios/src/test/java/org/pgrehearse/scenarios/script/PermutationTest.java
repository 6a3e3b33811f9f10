package org.pgrehearse.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number has one place, whatever the size and the seed. */
final class PermutationTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, 64, 100, 1000, 4097})
    void every_place_is_taken_once(long size) {
        for (long seed = 0; seed < 3; seed++) {
            long of = seed;
            assertThat(LongStream.range(0, size).map(value -> Permutation.of(value, size, of)))
                    .hasSize((int) size)
                    .doesNotHaveDuplicates()
                    .allMatch(place -> place >= 0 && place < size);
        }
    }

    @Test
    void the_seed_chooses_the_permutation_and_numbers_count_modulo_the_size() {
        assertThat(Permutation.of(5, 1_000_000, 1)).isNotEqualTo(Permutation.of(5, 1_000_000, 2));
        assertThat(Permutation.of(-1, 10, 1)).isEqualTo(Permutation.of(9, 10, 1));
        assertThat(Permutation.of(12, Long.MAX_VALUE, 1)).isBetween(0L, Long.MAX_VALUE - 1);
    }
}
