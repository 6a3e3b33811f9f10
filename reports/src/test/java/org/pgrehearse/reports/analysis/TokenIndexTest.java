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
            long[] tokens = new long[2_000];
            TokenIndex index = new TokenIndex(2_000, attempt -> tokens[attempt]);
            for (int i = 0; i < 2_000; i++) {
                long token = random.nextBoolean() ? random.nextLong() : random.nextInt(3_000) - 1_500L;
                tokens[i] = token;
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
    void a_full_one_still_finds_every_token_and_ends_its_search_for_others() {
        for (int entries : new int[] {1, 3, 11, 12, 13, 768, 769}) {
            TokenIndex index = new TokenIndex(entries, attempt -> attempt * 7L);
            for (int i = 0; i < entries; i++) {
                assertThat(index.put(i * 7L, i)).isTrue();
            }
            for (int i = 0; i < entries; i++) {
                assertThat(index.get(i * 7L)).isEqualTo(i);
                assertThat(index.get(i * 7L + 1)).isEqualTo(TokenIndex.ABSENT);
            }
        }
    }

    @Test
    void an_empty_one_knows_nothing() {
        assertThat(new TokenIndex(0, attempt -> attempt).get(0)).isEqualTo(TokenIndex.ABSENT);
    }
}
