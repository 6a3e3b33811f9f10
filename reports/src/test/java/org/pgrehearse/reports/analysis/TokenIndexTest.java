package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TokenIndexTest {
    @Test
    void it_answers_as_a_map_does_for_crowded_and_for_scattered_tokens() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Map<Long, Integer> map = new HashMap<>();
            TokenIndex index = new TokenIndex(2_000);
            for (int i = 0; i < 2_000; i++) {
                long token = random.nextBoolean() ? random.nextLong() : random.nextInt(3_000) - 1_500L;
                assertThat(index.put(token, i)).as("seed %d", seed).isEqualTo(map.putIfAbsent(token, i) == null);
            }
            map.forEach((token, i) -> assertThat(index.get(token)).isEqualTo(i));
            for (int i = 0; i < 2_000; i++) {
                long token = random.nextInt(10_000) - 5_000L;
                assertThat(index.get(token)).as("seed %d", seed).isEqualTo(map.getOrDefault(token, TokenIndex.ABSENT));
            }
        }
    }

    @Test
    void an_empty_one_knows_nothing() {
        assertThat(new TokenIndex(0).get(0)).isEqualTo(TokenIndex.ABSENT);
    }
}
